import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { NEVER } from 'rxjs';
import { Abandonments } from '../tasks/abandoning/abandonments.js';
import { AnswerRows } from '../tasks/answers/answer-rows.js';
import { type TaskControllerOptions, taskController } from '../tasks/controller/task.controller.js';
import { DuplicateCounts } from '../tasks/duplicates/duplicate-counts.js';
import { FollowedTasks } from '../tasks/following/followed-tasks.js';
import { Follower } from '../tasks/following/follower.js';
import { Heartbeat } from '../tasks/following/heartbeat.js';
import { OBSERVER } from '../tasks/following/task-observer.js';
import { TaskProcesses } from '../tasks/following/task-processes.js';
import { TasksHealth } from '../tasks/health/tasks-health.js';
import { LostAnswers } from '../tasks/lost-answers/lost-answers.js';
import { CurrentManager } from '../tasks/recording/current-manager.js';
import { TaskStore } from '../tasks/recording/task.store.js';
import { EndOfStop } from '../tasks/requests/in-flight/end-of-stop.js';
import { LostRequests } from '../tasks/requests/http/lost-requests.js';
import { ExpiredTasks } from '../tasks/retention/expired-tasks.js';
import { Retention } from '../tasks/retention/retention.js';
import { Requesters } from '../tasks/searching/requesters.js';
import { TaskLookUps } from '../tasks/task-look-ups.js';
import { TasksModule } from '../tasks/tasks.module.js';
import { singleTenant, TASKS_OPTIONS, type TasksOptions, tasksOptions } from '../tasks/tasks.options.js';
import { Looks } from '../tasks/waiting/looks.js';
import { MemoryAbandonments } from './memory-abandonments.js';
import { MemoryAnswers } from './memory-answers.js';
import { MemoryDuplicates } from './memory-duplicates.js';
import { MemoryLooks, MemoryLookUps } from './memory-look-ups.js';
import { MemoryTables } from './memory-tables.js';
import { MemoryStore } from './memory.store.js';
import { RecordedTasks } from './recorded-tasks.js';

/** The options of `TasksModule`, of which none is required here. */
export type TasksTestingOptions<Request = unknown> = Partial<TasksOptions<Request>> & {
  /** Adds the ready-made controller. @default none */
  controller?: TaskControllerOptions;
};

/** What speaks to a database, and what stands for it. */
const IN_MEMORY: Provider[] = [
  { provide: TaskStore, useClass: MemoryStore },
  { provide: TaskLookUps, useClass: MemoryLookUps },
  { provide: Looks, useClass: MemoryLooks },
  { provide: DuplicateCounts, useClass: MemoryDuplicates },
  { provide: Requesters, useValue: {} },
  { provide: AnswerRows, useClass: MemoryAnswers },
  { provide: Abandonments, useClass: MemoryAbandonments },
  { provide: CurrentManager, useValue: { of: () => ({}) } satisfies Record<keyof CurrentManager, unknown> },
  // Asked for nothing: `lostAnswersMs` is off.
  { provide: LostAnswers, useValue: {} },
  { provide: LostRequests, useValue: {} },
  { provide: ExpiredTasks, useValue: { dropped: NEVER } },
];

/** What is for several processes, and for tasks that grow old. Tests have neither. */
const LEFT_OUT: unknown[] = [
  ...[TaskProcesses, Heartbeat, FollowedTasks, Follower, OBSERVER],
  ...[Retention, EndOfStop, TasksHealth],
];

/**
 * The rest is that of `TasksModule` itself, so that a handler meets the same rules as in production.
 *
 * @param list by Nest's own name
 */
function ownOf(list: 'providers' | 'exports', others: readonly unknown[]): Provider[] {
  const all = Reflect.getMetadata(list, TasksModule) as Provider[];
  return all.filter((one) => !others.includes(tokenOf(one)));
}

function tokenOf(provider: unknown): unknown {
  return (provider as { provide?: unknown }).provide ?? provider;
}

/**
 * `TasksModule` for tests, without a database: tasks are recorded in memory, and are gone with the test's module.
 * Requests are recorded, refused and answered by the same code as in production; a test sees them by `RecordedTasks`.
 *
 * There is one process and no time: nothing is swept (`settle`), dropped (`retentionMs`) or lost (`lostAnswersMs`). An
 * end within a transaction counts at once.
 */
@Module({})
export class TasksTestingModule {
  /** Registers the module for the whole application. Without options, all requests belong to a single tenant. */
  static forRoot<Request>({ controller, ...given }: TasksTestingOptions<Request> = {}): DynamicModule {
    const options = tasksOptions({
      ...{ requester: singleTenant, ...given },
      ...{ heartbeat: false, lostAnswersMs: null },
    });
    return {
      module: TasksTestingModule,
      global: true,
      imports: [DiscoveryModule],
      controllers: controller === undefined ? [] : [taskController(controller)],
      providers: [
        { provide: TASKS_OPTIONS, useValue: options },
        MemoryTables,
        RecordedTasks,
        ...IN_MEMORY,
        ...ownOf('providers', [...IN_MEMORY.map(tokenOf), ...LEFT_OUT, TASKS_OPTIONS]),
      ],
      exports: [RecordedTasks, ...(ownOf('exports', LEFT_OUT) as (typeof RecordedTasks)[])],
    };
  }
}
