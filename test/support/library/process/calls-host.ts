import 'reflect-metadata';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { BullModule, Processor, WorkerHost } from '@nestjs/bullmq';
import { type CallHandler, Controller, type ExecutionContext, HttpException, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Context, GraphQLModule, Mutation, Query, Resolver } from '@nestjs/graphql';
import {
  EventPattern,
  MessagePattern,
  type MicroserviceOptions,
  Payload,
  type RmqContext,
  Transport,
} from '@nestjs/microservices';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Job } from 'bullmq';
import { tap } from 'rxjs';
import {
  CurrentTask,
  singleTenant,
  type Task,
  taskOf,
  TASKS_MIGRATIONS,
  TasksModule,
  Tracked,
} from '../../../../src/index.js';
import { dataSourceAt } from './data-source.js';
import { effectsIn } from './effects.js';
import { type Held, step, tell } from './held-steps.js';
import type { CallsHostSettings, Step } from './settings.js';

// A host of the library that has jobs, messages and mutations.
const settings = JSON.parse(process.argv[2] ?? '') as CallsHostSettings;
const { effect, settle } = effectsIn(settings);

/** What says where it is to be held. */
interface Said {
  hold?: Step;
}

async function work({ hold }: Said, task: Task | undefined): Promise<string> {
  if (task === undefined) throw new Error('it is not tracked');
  const held: Held = { headers: hold === undefined || !settings.holds ? {} : { 'x-hold': hold } };
  await step(held, 'before the side effect');
  effect(task.uuid, task.tag ?? '');
  await step(held, 'after the side effect');
  return `done as ${task.uuid}`;
}

const again = {
  duplicates: 'answer' as const,
  answerAgain: ({ uuid }: Task) => `found as ${uuid}`,
};

@Processor('jobs', { lockDuration: 1000, stalledInterval: 500, concurrency: 10 })
class JobsProcessor extends WorkerHost {
  @Tracked<string>({ task: () => 'job', ...again })
  process(job: Job<Said>): Promise<string> {
    return work(job.data, taskOf(job));
  }
}

@Controller()
class MessagesController {
  @MessagePattern('ask')
  @Tracked<string>({ task: () => 'message', ...again })
  ask(@Payload() said: Said, @CurrentTask() task: Task) {
    return work(said, task);
  }

  @EventPattern<string>('tell')
  @Tracked({ task: () => 'event' })
  hear(@Payload() said: Said, @CurrentTask() task: Task) {
    return work(said, task);
  }
}

@Resolver()
class WorkResolver {
  @Query(() => String)
  hello() {
    return 'hello';
  }

  @Mutation(() => String)
  @Tracked({ task: () => 'mutation' })
  work(@Context() { req }: { req: { headers: Record<string, string> } }, @CurrentTask() task: Task) {
    return work({ hold: req.headers['x-hold'] as Step }, task);
  }
}

/** Acknowledges a message once it is settled, and has it brought again while that is not known. */
const acknowledge = {
  intercept: (context: ExecutionContext, next: CallHandler<unknown>) => {
    if (context.getType() !== 'rpc') return next.handle();
    const rmq = context.switchToRpc().getContext<RmqContext>();
    const [channel, message] = [rmq.getChannelRef(), rmq.getMessage()];
    return next.handle().pipe(
      tap({
        complete: () => channel.ack(message),
        error: (error: unknown) => channel.nack(message, false, !(error instanceof HttpException)),
      }),
    );
  },
};

const redis = new URL(settings.redis);

@Module({
  imports: [
    TypeOrmModule.forRoot({ ...dataSourceAt(settings.databaseUrl), migrations: TASKS_MIGRATIONS }),
    TasksModule.forRoot({
      requester: singleTenant,
      pendingMs: settings.pendingMs,
      sweep: settings.sweep,
      settle,
      controller: { path: 'tasks' },
    }),
    BullModule.forRoot({
      connection: { host: redis.hostname, port: Number(redis.port) },
      prefix: settings.queue,
    }),
    BullModule.registerQueue({ name: 'jobs' }),
    GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true }),
  ],
  controllers: [MessagesController],
  providers: [JobsProcessor, WorkResolver],
})
class HostModule {}

const app = await NestFactory.create(HostModule, { logger: ['error', 'warn'], forceCloseConnections: true });
app.useGlobalInterceptors(acknowledge);
app.connectMicroservice<MicroserviceOptions>(
  {
    transport: Transport.RMQ,
    options: {
      urls: [settings.rabbitmq],
      queue: settings.queue,
      queueOptions: { durable: false },
      noAck: false,
      prefetchCount: 10,
    },
  },
  { inheritAppConfig: true },
);
process.once('disconnect', () => process.exit(0));
await app.startAllMicroservices();
await app.listen(0, '127.0.0.1');
tell({ url: await app.getUrl() });
