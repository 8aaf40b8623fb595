/**
 * Decorators that describe tracked handlers in a host's Swagger document. Needs `@nestjs/swagger`.
 *
 * @packageDocumentation
 */
export { ApiTaskTag, type ApiTaskTagOptions } from './api-task-tag.js';
export { TASK_PROPERTIES } from './task.schema.js';
