import { type DynamicModule, Module, type OnModuleDestroy } from '@nestjs/common';
import { register, Registry } from 'prom-client';
import { OpenTaskMetrics } from './open-task.metrics.js';
import { TaskMetrics } from './task.metrics.js';

/** Where the metrics go. */
export interface TasksMetricsOptions {
  /** The registry that the application exposes. @default prom-client's own, `register` */
  registry?: Registry;
}

/**
 * Adds the metrics of tasks to a registry, under the names that Tasktag's server has: `tasktag_tasks`,
 * `tasktag_refusals_total` and so on. The host exposes the registry, as it does its other metrics. It needs `TasksModule`
 * in the application.
 */
@Module({})
export class TasksMetricsModule implements OnModuleDestroy {
  constructor(private readonly registry: Registry) {}

  /** Registers the metrics for the whole application. */
  static forRoot({ registry = register }: TasksMetricsOptions = {}): DynamicModule {
    return {
      module: TasksMetricsModule,
      providers: [{ provide: Registry, useValue: registry }, TaskMetrics, OpenTaskMetrics],
    };
  }

  /** Another application of this process, such as that of the next test, may use the registry. */
  onModuleDestroy(): void {
    for (const { name } of this.registry.getMetricsAsArray()) {
      if (name.startsWith('tasktag_')) this.registry.removeSingleMetric(name);
    }
  }
}
