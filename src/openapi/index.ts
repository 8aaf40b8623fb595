/**
 * Decorators that describe tracked handlers and the module's controller in a host's Swagger document. They need
 * `@nestjs/swagger`.
 *
 * @packageDocumentation
 */
export { ApiTaskTag, type ApiTaskTagOptions } from './api-task-tag.js';
export { ApiTasks } from './api-tasks.js';
export { RecordedTask } from './recorded-task.js';
export { TASK_PROPERTIES } from './task.schema.js';
