import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Loop } from '../following/loop.js';
import { OBSERVER, type TaskObserver } from '../following/task-observer.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { ExpiredTasks } from './expired-tasks.js';

/** Tasks that one sweep looks at: few enough that their statements delay no requests. */
const BATCH = 100;

/** The shortest pause between two sweeps, in milliseconds. */
const PAUSE_MS = 250;

/**
 * The pause after a sweep is this many times as long as the sweep, so that sweeps take a fifth of the time, however
 * slow.
 */
const PAUSE_FACTOR = 4;

/** Pause when all old tasks have been looked at, in milliseconds. */
const IDLE_MS = 60_000;

/** How often tasks that could not be dropped are looked at again, in milliseconds. */
const AGAIN_MS = 86_400_000;

/**
 * Drops tasks that ended more than `retentionMs` ago, oldest first, a few at a time. The observer may keep some of
 * them.
 *
 * Each process goes through the tasks by itself, from its last position. Several at once do no harm: each task is
 * dropped by one of them, and a delay only costs space.
 */
@Injectable()
export class Retention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Retention.name);
  private readonly stopping = new AbortController();
  private readonly loop: Loop;
  /** The last task that was looked at, and when the first one was. */
  private position = '';
  private begun: number;

  constructor(
    private readonly tasks: ExpiredTasks,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
    @Inject(OBSERVER) private readonly observer: TaskObserver | null,
  ) {
    this.begun = options.now();
    this.loop = new Loop({
      step: () => this.sweepAndPause(),
      pauseMs: IDLE_MS,
      onError: (message) => this.logger.warn(`Old tasks cannot be dropped: ${message}`),
    });
  }

  onApplicationBootstrap(): void {
    if (this.options.sweep && this.options.retentionMs !== null) this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.loop.stop();
  }

  /**
   * Looks at the next tasks, and drops those that may be dropped.
   *
   * @returns whether there is more to look at now
   */
  async sweep(): Promise<boolean> {
    const { expired, last, hasMore } = await this.tasks.page(this.position, BATCH, {
      keepsTraces: this.observer?.keepsTraces,
    });
    const leaving =
      (await this.observer?.mayLeave?.(expired, this.stopping.signal)) ?? expired.map(({ uuid }) => uuid);
    // Another process was here: the tasks that it left are read again.
    if (leaving.length > 0 && !(await this.tasks.drop(leaving))) return true;
    this.position = last ?? this.position;
    if (!hasMore && this.options.now() - this.begun >= AGAIN_MS) {
      this.position = '';
      this.begun = this.options.now();
    }
    return hasMore;
  }

  private async sweepAndPause(): Promise<number> {
    const begin = performance.now();
    const hasMore = await this.sweep();
    return hasMore ? Math.max(PAUSE_MS, PAUSE_FACTOR * (performance.now() - begin)) : IDLE_MS;
  }
}
