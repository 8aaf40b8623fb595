import {
  type ConfigurableModuleAsyncOptions,
  ConfigurableModuleBuilder,
  type DynamicModule,
  Module,
  type Type,
} from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Abandonments } from './abandoning/abandonments.js';
import { ImportedOnceCheck } from './imported-once.check.js';
import { AnswerRows } from './answers/answer-rows.js';
import { TaskAnswers } from './answers/task-answers.js';
import { type TaskControllerOptions, taskController } from './controller/task.controller.js';
import { TasksEvents } from './events/tasks.events.js';
import { DuplicateCounts } from './duplicates/duplicate-counts.js';
import { FollowedTasks } from './following/followed-tasks.js';
import { Follower } from './following/follower.js';
import { Heartbeat } from './following/heartbeat.js';
import { OwnProcess } from './following/own-process.js';
import { SettleObserver } from './following/settle.observer.js';
import { OBSERVER, TASK_OBSERVER, type TaskObserver } from './following/task-observer.js';
import { TaskProcesses } from './following/task-processes.js';
import { TasksHealth } from './health/tasks-health.js';
import { CurrentManager } from './recording/current-manager.js';
import { TaskRecorder } from './recording/task.recorder.js';
import { TaskStore } from './recording/task.store.js';
import { LostAnswers } from './lost-answers/lost-answers.js';
import { Admission } from './requests/admission.js';
import { CallReader } from './requests/calls/call-reader.js';
import { TrackedCalls } from './requests/calls/tracked-calls.js';
import { AnswerHead } from './requests/http/answer-head.js';
import { FirstAnswers } from './requests/http/first-answers.js';
import { HttpAdmission } from './requests/http/http-admission.js';
import { LostRequests } from './requests/http/lost-requests.js';
import { TrackedJobs } from './requests/jobs/tracked-jobs.js';
import { RequestReader } from './requests/reading/request-reader.js';
import { EndOfStop } from './requests/in-flight/end-of-stop.js';
import { HandlerTransactions } from './requests/in-flight/handler-transactions.js';
import { RequestsInFlight } from './requests/in-flight/requests-in-flight.js';
import { RequestGate } from './requests/request-gate.js';
import { RequestScopeCheck } from './requests/request-scope.check.js';
import { Runs } from './requests/run/runs.js';
import { TagInterceptor } from './requests/tag.interceptor.js';
import { TrackedWork } from './requests/tracked-work.js';
import { TrackedHandlersCheck } from './requests/tracked-handlers.check.js';
import { Resolutions } from './resolving/resolutions.js';
import { ExpiredTasks } from './retention/expired-tasks.js';
import { Retention } from './retention/retention.js';
import { Requesters } from './searching/requesters.js';
import { HOST_DATA_SOURCE, openTasksDataSource, TASKS_DATA_SOURCE } from './tables/tasks-data-source.js';
import { tasksEntities } from './tables/tasks-entities.js';
import { TASKS_OPTIONS, type TasksOptions, tasksOptions, type TasksOptionsInput } from './tasks.options.js';
import { TasksService } from './tasks.service.js';
import { TaskLookUps } from './task-look-ups.js';
import { Looks } from './waiting/looks.js';
import { Tracing } from './tracing/tracing.js';
import { TaskWaits } from './waiting/task-waits.js';
import { WaitingLookUps } from './waiting/waiting-look-ups.js';

/** The settings that the module needs before anything is injected. */
export interface TasksModuleExtras {
  /** Name of the data source that holds the tasks. @default the host's default data source */
  dataSource?: string;
  /** The prefix of the tables' names, for entities that are loaded by themselves. @default none */
  tablePrefix?: string;
  /** Adds a controller that lists tasks and finds them by tag. @default none */
  controller?: TaskControllerOptions;
  /**
   * Whether only this program uses the data source, and it is set up as the module needs it. Then the module uses it,
   * and opens no connections of its own.
   *
   * @internal
   */
  isDataSourceOwn?: boolean;
}

/**
 * Options that are made when the application starts: by a factory, or by a `TasksOptionsFactory`.
 *
 * `Made` is what the factory returns. A member that is no option does not compile.
 */
export type TasksModuleAsyncOptions<Made extends TasksOptionsInput<never> = TasksOptionsInput<never>> =
  ConfigurableModuleAsyncOptions<Made, 'createTasksOptions'> &
    TasksModuleExtras & {
      useFactory?: (...injected: never[]) => NoOtherOptions<Made> | Promise<NoOtherOptions<Made>>;
    } & {
      [Name in 'useClass' | 'useExisting']?: Type<{
        createTasksOptions: () => NoOtherOptions<Made> | Promise<NoOtherOptions<Made>>;
      }>;
    };

/** The members that are no options: there must be none. Nor is it a promise, which would have none of them either. */
export type NoOtherOptions<Made> = Made extends unknown
  ? { [Name in Exclude<keyof Made, keyof TasksOptionsInput<never>> | 'then']?: never }
  : never;

/** The names of these settings. They are not options, and have no effect in what a factory returns. */
const EXTRAS: { [Name in keyof TasksModuleExtras]: undefined } = {
  dataSource: undefined,
  tablePrefix: undefined,
  controller: undefined,
  isDataSourceOwn: undefined,
};

/** Nest's error names it when something is missing that the options are made with. */
const GIVEN_OPTIONS = Symbol('options of TasksModule');

const builder = new ConfigurableModuleBuilder<TasksOptionsInput<never>>({
  optionsInjectionToken: GIVEN_OPTIONS,
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createTasksOptions')
  .setExtras<TasksModuleExtras>(
    EXTRAS,
    (definition, { dataSource, tablePrefix, controller, isDataSourceOwn }) => ({
      ...definition,
      global: true,
      imports: [
        ...(definition.imports ?? []),
        TypeOrmModule.forFeature(tasksEntities({ tablePrefix }), dataSource),
      ],
      controllers: controller === undefined ? [] : [taskController(controller)],
      providers: [
        ...(definition.providers ?? []),
        { provide: HOST_DATA_SOURCE, useExisting: getDataSourceToken(dataSource) },
        {
          provide: TASKS_DATA_SOURCE,
          inject: [HOST_DATA_SOURCE, TASKS_OPTIONS],
          useFactory: (source: DataSource, options: TasksOptions) =>
            isDataSourceOwn === true ? source : openTasksDataSource(source, options),
        },
      ],
      exports: [...(definition.exports ?? []), TASKS_DATA_SOURCE],
    }),
  );

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = builder.build();

/**
 * Tags, tasks and once-only requests for any controller, by `@Tracked()`.
 *
 * Imported once, in the application's module, it is there for all modules: none of them imports anything for its
 * handlers, and there is no `forFeature()`.
 */
@Module({
  imports: [DiscoveryModule],
  providers: [
    {
      provide: TASKS_OPTIONS,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (given: TasksOptionsInput<never>) => tasksOptions(given),
    },
    RequestScopeCheck,
    Tracing,
    TaskStore,
    TaskRecorder,
    DuplicateCounts,
    Requesters,
    TaskLookUps,
    AnswerRows,
    TaskAnswers,
    RequestReader,
    RequestGate,
    AnswerHead,
    FirstAnswers,
    LostAnswers,
    LostRequests,
    Admission,
    HttpAdmission,
    TrackedWork,
    Runs,
    CallReader,
    TrackedCalls,
    TrackedJobs,
    RequestsInFlight,
    HandlerTransactions,
    CurrentManager,
    Abandonments,
    Resolutions,
    TasksService,
    Looks,
    TaskWaits,
    WaitingLookUps,
    FollowedTasks,
    ExpiredTasks,
    TasksEvents,
    TasksHealth,
    TagInterceptor,
    OwnProcess,
    TaskProcesses,
    Heartbeat,
    {
      provide: OBSERVER,
      inject: [TASKS_OPTIONS, { token: TASK_OBSERVER, optional: true }],
      useFactory: (options: TasksOptions, observer?: TaskObserver) => observer ?? settleObserver(options),
    },
    Follower,
    Retention,
    EndOfStop,
    TrackedHandlersCheck,
    ImportedOnceCheck,
  ],
  exports: [
    LostAnswers,
    HttpAdmission,
    TrackedCalls,
    TrackedJobs,
    TaskAnswers,
    TASKS_OPTIONS,
    TaskRecorder,
    RequestsInFlight,
    HandlerTransactions,
    TasksService,
    TaskWaits,
    WaitingLookUps,
    FollowedTasks,
    ExpiredTasks,
    TasksEvents,
    TasksHealth,
    TagInterceptor,
  ],
})
export class TasksModule {
  /** Registers the module for the whole application: feature modules import nothing, and there is no `forFeature()`. */
  static forRoot<Request>(options: TasksOptionsInput<Request> & TasksModuleExtras): DynamicModule {
    return { ...ConfigurableModuleClass.forRoot({ ...options }), module: TasksModule };
  }

  /**
   * Registers the module with options that are made when the application starts: by a factory, or by a class with a
   * method `createTasksOptions`.
   */
  static forRootAsync<Made extends TasksOptionsInput<never>>(
    options: TasksModuleAsyncOptions<Made>,
  ): DynamicModule {
    if (!('useFactory' in options || 'useClass' in options || 'useExisting' in options))
      throw new TypeError('TasksModule.forRootAsync() needs useFactory, useClass or useExisting.');
    return { ...ConfigurableModuleClass.forRootAsync(options), module: TasksModule };
  }
}

function settleObserver(options: TasksOptions): TaskObserver | null {
  const { settle } = options;
  return settle === undefined ? null : new SettleObserver({ now: () => options.now(), settle });
}
