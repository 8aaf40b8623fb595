import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ExpiredTasks } from './expired-tasks.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { RetentionSweep } from './retention-sweep.js';

/** Drops the tasks of a host that ended longer ago than it keeps them (`retentionMs`). */
@Injectable()
export class HostRetention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(HostRetention.name);
  private readonly sweep: RetentionSweep;

  constructor(
    tasks: ExpiredTasks,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {
    this.sweep = new RetentionSweep(tasks, {
      now: () => options.now(),
      onError: (message) => this.logger.warn(`Old tasks cannot be dropped: ${message}`),
    });
  }

  onApplicationBootstrap(): void {
    if (this.options.sweep && this.options.retentionMs !== null) this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }
}
