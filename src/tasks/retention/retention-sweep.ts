import type { ExpiredTask, ExpiredTasks, PageOptions } from './expired-tasks.js';
import { Loop } from '../following/loop.js';

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

/** What is dropped. */
export interface RetentionSweepOptions extends PageOptions {
  /** Which of some tasks that ended long enough ago may leave, by their uuids. @default all */
  mayLeave?: (expired: ExpiredTask[]) => Promise<string[]>;
  /** The clock, in epoch milliseconds. */
  now: () => number;
  /** Told why it could not go on; it tries again. */
  onError: (message: string) => void;
}

/**
 * Drops tasks that ended longer ago than tasks are kept, oldest first, a few at a time.
 *
 * Each process goes over the tasks by itself, from where it was. Several at once do no harm: each task is dropped by
 * one of them, and to be late costs nothing but space.
 */
export class RetentionSweep {
  /** The last task that was looked at, and when the first one was. */
  private position = '';
  private begun: number;
  private readonly loop: Loop;

  constructor(
    private readonly tasks: ExpiredTasks,
    private readonly options: RetentionSweepOptions,
  ) {
    this.begun = options.now();
    this.loop = new Loop({
      step: () => this.sweepAndPause(),
      pauseMs: IDLE_MS,
      onError: options.onError,
    });
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /**
   * Looks at the next tasks, and drops those that may leave.
   *
   * @returns whether there is more to look at now
   */
  async sweep(): Promise<boolean> {
    const { expired, last, hasMore } = await this.tasks.page(this.position, BATCH, this.options);
    const leaving = (await this.options.mayLeave?.(expired)) ?? expired.map(({ uuid }) => uuid);
    // Another process was here: what it left is read anew.
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
