import 'reflect-metadata';
import {
  type ArgumentsHost,
  Body,
  Catch,
  Controller,
  type ExceptionFilter,
  HttpCode,
  Module,
  Post,
} from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { FastifyReply } from 'fastify';
import { builtLibrary } from '../built.js';
import { dataSourceOptions } from './data-source.js';
import { listen } from './nest.js';
import { type NewOrder, type TakenOrder, takeOrder } from './order.js';
import { serve } from './serve.js';

/** Tasktag as a library: one `@Tracked()` handler in an application of somebody else's. */
const { ApiError, TASKS_ENTITIES, TasksModule, Tracked } = await builtLibrary();

@Controller('orders')
class OrdersController {
  @Post()
  @HttpCode(202)
  @Tracked<TakenOrder>({
    task: () => 'create',
    outcome: ({ order }) => ({ state: 'success', resource: { order: order.id } }),
  })
  create(@Body() order: NewOrder) {
    return takeOrder(order);
  }
}

@Catch(ApiError)
class ApiErrorFilter implements ExceptionFilter<InstanceType<typeof ApiError>> {
  catch({ status, code, message, details }: InstanceType<typeof ApiError>, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply.status(status).send({ code, message, ...details });
  }
}

serve(({ databaseUrl }) => {
  @Module({
    imports: [
      TypeOrmModule.forRoot(dataSourceOptions(databaseUrl, TASKS_ENTITIES)),
      TasksModule.forRoot({ requester: () => ({ projectId: 'bench', userId: 'bench' }) }),
    ],
    controllers: [OrdersController],
  })
  class AppModule {}

  return listen(AppModule, {
    rawBody: true,
    prepare: (app) => app.useGlobalFilters(new ApiErrorFilter()),
  });
});
