/**
 * Tags, tasks and once-only requests for NestJS controllers: the library's public face. Nothing else is public.
 *
 * @packageDocumentation
 */
export { CreateTasks1780000000000 } from './database/migrations/1780000000000-create-tasks.js';
export { CreateTagClaims1780000000005 } from './database/migrations/1780000000005-create-tag-claims.js';
export { ApiError } from './errors/api-error.js';
export { CurrentTask } from './tasks/current-task.js';
export type { Tag } from './tasks/tag.js';
export { Task } from './tasks/task.entity.js';
export { InvalidTagError } from './tasks/tag.errors.js';
export { DuplicateRequestError, TagInUseError, UnknownMarkerError } from './tasks/task.errors.js';
export type { Accepted, Fault, Outcome, Resource, TaskState } from './tasks/task.states.js';
export { taskView, type TaskView } from './tasks/task.view.js';
export { TASKS_ENTITIES, TasksModule } from './tasks/tasks.module.js';
export type { Requester, TasksOptions, TasksOptionsInput } from './tasks/tasks.options.js';
export type { TaskFilter } from './tasks/task.filter.js';
export { type Page, type TaskPage, TasksService } from './tasks/tasks.service.js';
export { Tracked } from './tasks/tracked.decorator.js';
export type { TrackedOptions } from './tasks/tracked.options.js';
