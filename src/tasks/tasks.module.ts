import {
  type ConfigurableModuleAsyncOptions,
  ConfigurableModuleBuilder,
  type DynamicModule,
  Module,
} from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Abandonments } from './abandoning/abandonments.js';
import { TaskAnswers } from './answers/task-answers.js';
import { type TaskControllerOptions, taskController } from './controller/task.controller.js';
import { FollowedTasks } from './following/followed-tasks.js';
import { Follower } from './following/follower.js';
import { Heartbeat } from './following/heartbeat.js';
import { OwnProcess } from './following/own-process.js';
import { SettleObserver } from './following/settle.observer.js';
import { OBSERVER, TASK_OBSERVER, type TaskObserver } from './following/task-observer.js';
import { TaskProcesses } from './following/task-processes.js';
import { TaskRecorder } from './recording/task.recorder.js';
import { LostAnswers } from './lost-answers/lost-answers.js';
import { Admission } from './requests/admission.js';
import { FirstAnswers } from './requests/first-answers.js';
import { LostRequests } from './requests/lost-requests.js';
import { RequestReader } from './requests/reading/request-reader.js';
import { EndOfStop } from './requests/in-flight/end-of-stop.js';
import { HandlerTransactions } from './requests/in-flight/handler-transactions.js';
import { RequestsInFlight } from './requests/in-flight/requests-in-flight.js';
import { RequestGate } from './requests/request-gate.js';
import { RequestScopeCheck } from './requests/request-scope.check.js';
import { TagInterceptor } from './requests/tag.interceptor.js';
import { TrackedHandlersCheck } from './requests/tracked-handlers.check.js';
import { Resolutions } from './resolving/resolutions.js';
import { ExpiredTasks } from './retention/expired-tasks.js';
import { Retention } from './retention/retention.js';
import { openTasksDataSource, TASKS_DATA_SOURCE } from './tables/tasks-data-source.js';
import { tasksEntities } from './tables/tasks-entities.js';
import { TASKS_OPTIONS, type TasksOptions, tasksOptions, type TasksOptionsInput } from './tasks.options.js';
import { TasksService } from './tasks.service.js';
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

/** Options that are made when the application starts: by a factory, or by a `TasksOptionsFactory`. */
export type TasksModuleAsyncOptions = ConfigurableModuleAsyncOptions<
  TasksOptionsInput<never>,
  'createTasksOptions'
> &
  TasksModuleExtras;

/** The names of these settings. They are not options, and have no effect in what a factory returns. */
const EXTRAS: { [Name in keyof TasksModuleExtras]: undefined } = {
  dataSource: undefined,
  tablePrefix: undefined,
  controller: undefined,
  isDataSourceOwn: undefined,
};

const builder = new ConfigurableModuleBuilder<TasksOptionsInput<never>>()
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
        {
          provide: TASKS_DATA_SOURCE,
          inject: [getDataSourceToken(dataSource), TASKS_OPTIONS],
          useFactory: (source: DataSource, options: TasksOptions) =>
            isDataSourceOwn === true ? source : openTasksDataSource(source, options),
        },
      ],
      exports: [...(definition.exports ?? []), TASKS_DATA_SOURCE],
    }),
  );

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = builder.build();

/** Tags, tasks and once-only requests for any controller, by `@Tracked()`. */
@Module({
  imports: [DiscoveryModule],
  providers: [
    {
      provide: TASKS_OPTIONS,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (given: TasksOptionsInput<never>) => tasksOptions(given),
    },
    RequestScopeCheck,
    TaskRecorder,
    TaskAnswers,
    RequestReader,
    RequestGate,
    FirstAnswers,
    LostAnswers,
    LostRequests,
    Admission,
    RequestsInFlight,
    HandlerTransactions,
    Abandonments,
    Resolutions,
    TasksService,
    TaskWaits,
    WaitingLookUps,
    FollowedTasks,
    ExpiredTasks,
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
  ],
  exports: [
    LostAnswers,
    Admission,
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
    TagInterceptor,
  ],
})
export class TasksModule {
  /** Registers the module for the whole application. */
  static forRoot<Request>(options: TasksOptionsInput<Request> & TasksModuleExtras): DynamicModule {
    return { ...ConfigurableModuleClass.forRoot(options), module: TasksModule };
  }

  /**
   * Registers the module with options that are made when the application starts: by a factory, or by a class with a
   * method `createTasksOptions`.
   */
  static forRootAsync(options: TasksModuleAsyncOptions): DynamicModule {
    return { ...ConfigurableModuleClass.forRootAsync(options), module: TasksModule };
  }
}

function settleObserver(options: TasksOptions): TaskObserver | null {
  const { settle } = options;
  return settle === undefined ? null : new SettleObserver({ now: () => options.now(), settle });
}
