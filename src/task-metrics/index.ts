/**
 * Prometheus metrics of tasks, in a registry of prom-client.
 *
 * @packageDocumentation
 */
export { TasksMetricsModule, type TasksMetricsOptions } from './tasks-metrics.module.js';
