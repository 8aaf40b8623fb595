import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { ComputeService } from '../compute/compute.service.js';
import { type ExpiredTask, ExpiredTasks } from '../tasks/expired-tasks.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks/tasks.options.js';

/** Tasks that one sweep looks at: few enough that their statements hold up nobody. */
const BATCH = 100;

/** The shortest pause between two sweeps, in milliseconds. */
const PAUSE_MS = 250;

/** How many times as long as a sweep the pause after it is: whatever it costs where, it takes a fifth of the time. */
const PAUSE_FACTOR = 4;

/** Pause when all old tasks have been looked at, in milliseconds. */
const IDLE_MS = 60_000;

/** How often tasks that could not leave are looked at again, in milliseconds. */
const AGAIN_MS = 86_400_000;

/**
 * Drops tasks that ended longer ago than tasks are kept (`TASK_RETENTION`), oldest first, a few at a time. A create
 * stays for as long as a server of it may exist: its key is what keeps the same request from making a second one.
 *
 * Each process goes over the tasks by itself, from where it was. Several at once do no harm: each task is dropped by
 * one of them, and to be late costs nothing but space.
 */
@Injectable()
export class Retention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Retention.name);
  private readonly stopping = new AbortController();
  private sweeping: Promise<void> = Promise.resolve();
  /** The last task that was looked at, and when the first one was. */
  private position = '';
  private begun: number;

  constructor(
    private readonly tasks: ExpiredTasks,
    private readonly compute: ComputeService,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {
    this.begun = options.now();
  }

  onApplicationBootstrap(): void {
    if (this.options.retentionMs !== null) this.sweeping = this.sweepOnAndOn();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.sweeping;
  }

  /**
   * Looks at the next tasks, and drops those that may leave.
   *
   * @returns whether there is more to look at now
   */
  async sweep(): Promise<boolean> {
    const { expired, last, hasMore } = await this.tasks.page(this.position, BATCH);
    const leaving = await this.mayLeave(expired);
    // Another process was here: what it left is read anew.
    if (leaving.length > 0 && !(await this.tasks.drop(leaving))) return true;
    this.position = last ?? this.position;
    if (!hasMore && this.options.now() - this.begun >= AGAIN_MS) {
      this.position = '';
      this.begun = this.options.now();
    }
    return hasMore;
  }

  private async mayLeave(expired: ExpiredTask[]): Promise<string[]> {
    const servers = expired.flatMap((task) => (task.task === 'create' ? task.servers : []));
    const existing =
      servers.length === 0
        ? new Set<string>()
        : await this.compute.existingServers(servers, this.stopping.signal);
    return expired
      .filter((task) => task.task !== 'create' || !task.servers.some((id) => existing.has(id)))
      .map(({ uuid }) => uuid);
  }

  private async sweepOnAndOn(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const begin = performance.now();
      let hasMore = false;
      try {
        hasMore = await this.sweep();
      } catch (error) {
        this.logger.warn(error);
      }
      const pause = hasMore ? Math.max(PAUSE_MS, PAUSE_FACTOR * (performance.now() - begin)) : IDLE_MS;
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}
