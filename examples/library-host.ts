import 'reflect-metadata';
import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  Module,
  Post,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TASKS_MIGRATIONS, TasksModule, Tracked } from 'tasktag';

interface ShopRequest {
  headers: Record<string, string | undefined>;
  user: { company: string; name: string };
}

/** Stands for your own guard, which finds out who sends a request: here, `X-User: company/name`. */
@Injectable()
class UserGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<ShopRequest>();
    const [company, name] = (request.headers['x-user'] ?? '').split('/');
    if (!company || !name) throw new UnauthorizedException();
    request.user = { company, name };
    return true;
  }
}

@Controller('orders')
@UseGuards(UserGuard)
class OrdersController {
  private count = 0;

  @Post()
  @Tracked<{ id: string }>({
    task: 'order',
    outcome: ({ id }) => ({ state: 'success', resource: { order: id } }),
  })
  create(@Body() order: { item: string }) {
    this.count += 1;
    return { id: String(this.count), item: order.item };
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'better-sqlite3',
      database: 'shop.sqlite',
      autoLoadEntities: true,
      migrations: TASKS_MIGRATIONS,
      migrationsRun: true,
    }),
    TasksModule.forRoot<ShopRequest>({
      requester: ({ user }) => ({ projectId: user.company, userId: user.name }),
      controller: { path: 'tasks', decorators: [UseGuards(UserGuard)] },
    }),
  ],
  controllers: [OrdersController],
})
class ShopModule {}

const shop = await NestFactory.create(ShopModule);
shop.enableShutdownHooks();
await shop.listen(process.env['PORT'] ?? 3000, '127.0.0.1');
console.log(await shop.getUrl());
