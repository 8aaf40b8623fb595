/**
 * The console: a page on which people look for tasks, over the controller of `TasksModule`.
 *
 * @packageDocumentation
 */
export { TasksConsoleModule, type TasksConsoleOptions } from './tasks-console.module.js';
