/**
 * Tags, tasks and once-only requests for NestJS controllers. This is the library's whole public interface.
 *
 * @packageDocumentation
 */
export { TASKS_MIGRATIONS } from './tasks/tables/migrations/index.js';
export type { AbandonOptions } from './tasks/abandoning/abandonments.js';
export { ApiError } from './errors/api-error.js';
export type { ReplayOptions } from './tasks/answers/replay.options.js';
export { CurrentTask } from './tasks/requests/current-task.js';
export { type Tag, tagFromText, tagToText } from './tasks/tag.js';
export { ClassTagInterceptor } from './tasks/requests/class-tag.interceptor.js';
export { TagInterceptor } from './tasks/requests/tag.interceptor.js';
export { Task } from './tasks/task.entity.js';
export type { TaskControllerOptions, TaskListView } from './tasks/controller/task.controller.js';
export { httpException } from './tasks/controller/http-exception.js';
export { RecorderBusyError } from './tasks/recording/recorder-busy.error.js';
export { InvalidTagError, MissingTagError } from './tasks/tag.errors.js';
export type { Resolution } from './tasks/resolving/resolutions.js';
export {
  AbandonedTagError,
  AnswerWithheldError,
  DuplicateRequestError,
  InvalidQueryError,
  TagInUseError,
  TaskMovedOnError,
  TaskNotFoundError,
  TaskNotUnknownError,
  TooLateToAbandonError,
  UnknownMarkerError,
  UnreadBodyError,
} from './tasks/task.errors.js';
export {
  type Accepted,
  type Fault,
  type Outcome,
  type Resolved,
  type Resource,
  TASK_STATES,
  type TaskState,
} from './tasks/task.states.js';
export type { OtherTag } from './tasks/other-tag.js';
export { taskView, type TaskView } from './tasks/task.view.js';
export { TASKS_ENTITIES, tasksEntities, type TasksEntitiesOptions } from './tasks/tables/tasks-entities.js';
export { TasksModule, type TasksModuleAsyncOptions, type TasksModuleExtras } from './tasks/tasks.module.js';
export {
  type Requester,
  singleTenant,
  type TasksOptions,
  type TasksOptionsFactory,
  type TasksOptionsInput,
  type TenantResolver,
} from './tasks/tasks.options.js';
export type { TaskFilter } from './tasks/task.filter.js';
export {
  type EndOptions,
  type Page,
  type SucceedOptions,
  type TaskPage,
  TasksService,
} from './tasks/tasks.service.js';
export type { TasksOf } from './tasks/waiting/awaited.js';
export type { WaitLimits } from './tasks/waiting/limits.js';
export { Tracked } from './tasks/requests/tracked.decorator.js';
export type { Duplicates, TrackedOptions } from './tasks/requests/tracked.options.js';
