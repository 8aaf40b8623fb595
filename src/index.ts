/**
 * Tags, tasks and once-only requests for NestJS controllers. This is the library's whole public interface.
 *
 * @packageDocumentation
 */
export { TASKS_MIGRATIONS } from './tasks/tables/migrations/index.js';
export type { AbandonOptions } from './tasks/abandoning/abandonments.js';
export { ApiError } from './errors/api-error.js';
export type { ReplayOptions } from './tasks/answers/replay.options.js';
export type { CallOptions, OutsideHttpOptions } from './tasks/requests/calls/call.options.js';
export type { TrackedMessage } from './tasks/requests/calls/message.js';
export type { GraphqlPath, TrackedMutation } from './tasks/requests/calls/mutation.js';
export type { TrackedJob } from './tasks/requests/jobs/job.js';
export { CurrentTask, taskOf } from './tasks/requests/current-task.js';
export { type Tag, tagFromText, tagToText } from './tasks/tag.js';
export {
  type RefusedRequest,
  type SettledTask,
  TASK_EVENTS,
  type TaskEvents,
} from './tasks/events/task-event.js';
export { type TaskListener, TasksEvents } from './tasks/events/tasks.events.js';
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
  TaskEndedError,
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
  type Sent,
  TASK_STATES,
  type TaskState,
  type WhyOpen,
} from './tasks/task.states.js';
export type { DuplicateCount } from './tasks/duplicates/task-duplicates.entity.js';
export type { OtherTag } from './tasks/other-tag.js';
export { foundTaskView, type FoundTaskView, taskView, type TaskView } from './tasks/task.view.js';
export { TASKS_ENTITIES, tasksEntities, type TasksEntitiesOptions } from './tasks/tables/tasks-entities.js';
export {
  type NoOtherOptions,
  TasksModule,
  type TasksModuleAsyncOptions,
  type TasksModuleExtras,
} from './tasks/tasks.module.js';
export {
  type Requester,
  singleTenant,
  type TasksOptions,
  type TasksOptionsFactory,
  type TasksOptionsInput,
  type TenantResolver,
} from './tasks/tasks.options.js';
export type { TaskCounts } from './tasks/searching/task-lists.js';
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
export type { RunOptions } from './tasks/requests/run/run.options.js';
export { Tracked, type TrackedDecorator } from './tasks/requests/tracked.decorator.js';
export type { Duplicates, TrackedOptions } from './tasks/requests/tracked.options.js';
