import { Global, Module } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { OpenTaskMetrics } from '../task-metrics/open-task.metrics.js';
import { TaskMetrics } from '../task-metrics/task.metrics.js';
import { PoolMetrics } from './pool.metrics.js';
import { ReadinessMetrics } from './readiness.metrics.js';
import { RequestMetrics } from './request.metrics.js';

/**
 * The metrics of this application, in a registry of its own. Other rooms inject prom-client's `Registry` to add theirs;
 * docs/operating.md lists them all.
 */
@Global()
@Module({
  providers: [
    {
      provide: Registry,
      useFactory: () => {
        const registry = new Registry();
        // The process, its memory, garbage collection, and the lag of the event loop.
        collectDefaultMetrics({ register: registry });
        // With several workers the highest value counts, not their average.
        const lag = registry.getSingleMetric('nodejs_eventloop_lag_p99_seconds');
        if (lag !== undefined) Object.assign(lag, { aggregator: 'max' });
        return registry;
      },
    },
    RequestMetrics,
    TaskMetrics,
    OpenTaskMetrics,
    PoolMetrics,
    ReadinessMetrics,
  ],
  exports: [Registry, RequestMetrics],
})
export class MetricsModule {}
