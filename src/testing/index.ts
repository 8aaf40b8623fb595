/**
 * `TasksModule` for tests, without a database.
 *
 * @packageDocumentation
 */
export { RecordedTasks } from './recorded-tasks.js';
export { TasksTestingModule, type TasksTestingOptions } from './tasks-testing.module.js';
