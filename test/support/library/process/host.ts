import 'reflect-metadata';
import {
  type CallHandler,
  Controller,
  type ExecutionContext,
  Get,
  Inject,
  Module,
  Post,
  Req,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ModuleRef, NestFactory } from '@nestjs/core';
import { lastValueFrom, of } from 'rxjs';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { type DataSource, In } from 'typeorm';
import {
  CurrentTask,
  httpException,
  singleTenant,
  Task,
  TASKS_MIGRATIONS,
  TasksModule,
  TasksService,
  Tracked,
} from '../../../../src/index.js';
import { holdAbandonments } from './abandon-steps.js';
import { dataSourceAt } from './data-source.js';
import { effectsIn } from './effects.js';
import { type Held, step, tell } from './held-steps.js';
import type { HostSettings } from './settings.js';

// A host of the library in a process of its own.
const settings = JSON.parse(process.argv[2] ?? '') as HostSettings;

const held = (context: ExecutionContext) => context.switchToHttp().getRequest<Held>();

const { effect, settle } = effectsIn(settings);

class Effects {
  settle = settle;
}

@Controller()
@UseGuards({ canActivate: (context) => step(held(context), 'before the row').then(() => true) })
class WorkController {
  constructor(@Inject(getDataSourceToken()) private readonly dataSource: DataSource) {}

  @Post('work')
  @UseInterceptors({
    intercept: async (context: ExecutionContext, next: CallHandler<unknown>) => {
      await step(held(context), 'before the handler');
      return next.handle();
    },
  })
  @Tracked({ task: () => 'work' })
  async work(@Req() request: Held, @CurrentTask() task: Task) {
    await step(request, 'before the side effect');
    effect(task.uuid, task.tag ?? '');
    await step(request, 'after the side effect');
    return { task: task.uuid };
  }

  @Get('together')
  async count() {
    const [row] = await this.dataSource.query<{ count: number }[]>('SELECT COUNT(*) AS count FROM effects');
    return { count: Number(row?.count) };
  }

  @Post('together')
  @Tracked({ task: () => 'together', sameTransaction: true })
  async together(@Req() request: Held, @CurrentTask() task: Task) {
    await step(request, 'before the side effect');
    await this.dataSource.transaction(async (manager) => {
      await manager.query(`INSERT INTO effects (task) VALUES ('${task.uuid}')`);
      await step(request, 'after the side effect');
      const { affected } = await manager.update(
        Task,
        { uuid: task.uuid, state: In(['pending', 'processing', 'unknown']) },
        { state: 'success', nextLook: null },
      );
      if (affected !== 1) throw new Error('the task is not open any more');
    });
    return { task: task.uuid };
  }
}

@Controller()
class AbandonController {
  constructor(@Inject(TasksService) private readonly tasks: TasksService) {}

  /** Gives up the tag that it is sent with. */
  @Post('abandon')
  async abandon(@Req() { headers }: { headers: Record<string, string> }) {
    try {
      const who = { ...singleTenant(), userId: 'bob' };
      return { task: (await this.tasks.abandon(who, headers['task-tag'] ?? '')).uuid };
    } catch (error) {
      throw httpException(error);
    }
  }
}

/** Work that no decorator tracks. */
@Controller('run')
@UseGuards({ canActivate: (context) => step(held(context), 'before the row').then(() => true) })
class RunController {
  constructor(@Inject(TasksService) private readonly tasks: TasksService) {}

  @Post()
  async run(@Req() request: Held & { headers: Record<string, string> }) {
    const run = { ...singleTenant(), tag: request.headers['task-tag'] ?? null, task: 'run' };
    const work = async (task: Task) => {
      await step(request, 'before the side effect');
      effect(task.uuid, task.tag ?? '');
      await step(request, 'after the side effect');
      return { task: task.uuid };
    };
    return this.tasks.run(run, work).catch((error: unknown) => {
      throw httpException(error);
    });
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({ ...dataSourceAt(settings.databaseUrl), migrations: TASKS_MIGRATIONS }),
    TasksModule.forRootAsync({
      inject: [ModuleRef],
      useFactory: (modules: ModuleRef) => ({
        requester: singleTenant,
        pendingMs: settings.pendingMs,
        sweep: settings.sweep,
        ...(settings.settle !== 'none' && {
          settle: (task: Task) => modules.get(Effects, { strict: false }).settle(task),
        }),
      }),
      controller: { path: 'tasks' },
    }),
  ],
  controllers: [WorkController, RunController, AbandonController],
  providers: [Effects],
})
class HostModule {}

const app = await NestFactory.create(HostModule, { logger: ['error', 'warn'], forceCloseConnections: true });
app.useGlobalInterceptors({
  intercept: async (context: ExecutionContext, next: CallHandler<unknown>) => {
    const answer = await lastValueFrom(next.handle());
    await step(held(context), 'before the answer');
    return of(answer);
  },
});
holdAbandonments(app);
app.enableShutdownHooks();
process.once('disconnect', () => process.exit(0));
await app
  .get<DataSource>(getDataSourceToken())
  .query('CREATE TABLE IF NOT EXISTS effects (task varchar(36) PRIMARY KEY)');
await app.listen(0, '127.0.0.1');
tell({ url: await app.getUrl() });
