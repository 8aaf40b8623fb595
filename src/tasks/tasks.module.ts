import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ExpiredTasks } from './expired-tasks.js';
import { OpenRequests } from './open-requests.js';
import { TagInterceptor } from './tag.interceptor.js';
import { TagClaim } from './tag-claim.entity.js';
import { Task } from './task.entity.js';
import { TaskServer } from './task-server.entity.js';
import { TaskRecorder } from './task.recorder.js';
import { TASKS_OPTIONS, TasksOptions, type TasksOptionsInput } from './tasks.options.js';
import { TasksService } from './tasks.service.js';

/** The entities that the host's data source must know. */
export const TASKS_ENTITIES = [Task, TaskServer, TagClaim];

/** Tags, tasks and once-only requests for any controller, by `@Tracked()`. */
@Module({})
export class TasksModule {
  /** Registers the module for the whole application. */
  static forRoot<Request>(options: TasksOptionsInput<Request>): DynamicModule {
    return {
      module: TasksModule,
      global: true,
      imports: [TypeOrmModule.forFeature(TASKS_ENTITIES)],
      providers: [
        { provide: TASKS_OPTIONS, useValue: { ...new TasksOptions<Request>(), ...options } },
        TaskRecorder,
        OpenRequests,
        TasksService,
        ExpiredTasks,
        TagInterceptor,
      ],
      exports: [TASKS_OPTIONS, TaskRecorder, OpenRequests, TasksService, ExpiredTasks, TagInterceptor],
    };
  }
}
