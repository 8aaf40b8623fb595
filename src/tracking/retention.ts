import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ComputeService } from '../compute/compute.service.js';
import { type ExpiredTask, ExpiredTasks } from '../tasks/retention/expired-tasks.js';
import { RetentionSweep } from '../tasks/retention/retention-sweep.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks/tasks.options.js';

/**
 * Drops tasks that ended longer ago than tasks are kept (`TASK_RETENTION`). A create stays for as long as a server of it
 * may exist: its key is what keeps the same request from making a second one.
 */
@Injectable()
export class Retention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Retention.name);
  private readonly stopping = new AbortController();
  private readonly sweeping: RetentionSweep;

  constructor(
    tasks: ExpiredTasks,
    private readonly compute: ComputeService,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {
    this.sweeping = new RetentionSweep(tasks, {
      mayLeave: (expired) => this.mayLeave(expired),
      // What is known of tasks tells which of the compute service's traces are not an undecided one's.
      keepsTraces: true,
      now: () => options.now(),
      onError: (message) => this.logger.warn(`Old tasks cannot be dropped: ${message}`),
    });
  }

  onApplicationBootstrap(): void {
    if (this.options.retentionMs !== null) this.sweeping.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.sweeping.stop();
  }

  /**
   * Looks at the next tasks, and drops those that may leave.
   *
   * @returns whether there is more to look at now
   */
  sweep(): Promise<boolean> {
    return this.sweeping.sweep();
  }

  private async mayLeave(expired: ExpiredTask[]): Promise<string[]> {
    const servers = expired.flatMap((task) => (task.task === 'create' ? task.subjects : []));
    const existing =
      servers.length === 0
        ? new Set<string>()
        : await this.compute.existingServers(servers, this.stopping.signal);
    return expired
      .filter((task) => task.task !== 'create' || !task.subjects.some((id) => existing.has(id)))
      .map(({ uuid }) => uuid);
  }
}
