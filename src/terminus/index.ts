/**
 * A health indicator for Terminus.
 *
 * @packageDocumentation
 */
export { TasksHealthIndicator, type TasksHealthLimits } from './tasks.health.js';
