import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { RequestsInFlight } from '../requests/requests-in-flight.js';
import { NOT_COMMITTED } from '../recording/same-transaction.js';
import type { Task } from '../task.entity.js';
import type { Outcome } from '../task.states.js';
import { FollowedTasks, isLost } from './followed-tasks.js';
import { toldOutcome } from '../told-outcome.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { Inquiries } from './inquiries.js';
import { Loop } from './loop.js';

/** Tasks that one sweep looks at. */
const BATCH = 100;

/** How long a claimed task is nobody else's, in milliseconds: longer than it may wait for an answer, and get one. */
const LEASE_MS = 60_000;

/** The longest pause between two sweeps, in milliseconds. */
const PAUSE_MS = 1000;

/** How often a process that has nobody to ask looks at all that is due, and not only at what has become so lately. */
const ALL_MS = 600_000;

/** The shortest and the longest pause between two questions about a task, in milliseconds. */
const ASK_AGAIN_MS = { min: 1000, max: 600_000 };

/**
 * Moves on the tasks that nobody else would: those of a process that has died, and those of which only the host can
 * find out how they ended. Each task is looked at by one process at a time, and what is found is written by
 * compare-and-set: an answer that comes late after all is not lost.
 */
@Injectable()
export class Sweep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Sweep.name);
  private readonly loop: Loop;
  private readonly inquiries: Inquiries;
  /** When all that is due was looked at last, and what became due lately, in epoch milliseconds. */
  private looked = { atAll: -Infinity, at: -Infinity };

  constructor(
    private readonly tasks: FollowedTasks,
    private readonly open: RequestsInFlight,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {
    const pauseMs = Math.min(PAUSE_MS, Math.max(options.pendingMs / 2, 25));
    this.inquiries = new Inquiries({
      settle: async (task, signal) => {
        const told = await options.settle?.(task, signal);
        return told == null ? null : toldOutcome(told);
      },
      record: (task, outcome) => this.record(task, outcome),
      giveBack: (task, trouble) => this.takeBack(task, trouble),
    });
    this.loop = new Loop({
      step: async () => ((await this.sweep()) === BATCH ? 0 : pauseMs),
      pauseMs,
      onError: (message) => this.logger.warn(`Open tasks cannot be looked at: ${message}`),
    });
  }

  onApplicationBootstrap(): void {
    if (this.options.sweep) this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const swept = this.loop.stop();
    await this.inquiries.stop();
    await swept;
  }

  /** @returns how many tasks it looked at */
  private async sweep(): Promise<number> {
    const claimed = await (this.options.settle ? this.tasks.claimDue(BATCH, LEASE_MS) : this.claimLost());
    // Whose request is under way here gets its answer first.
    const here = new Set(this.open.tasks().map(({ uuid }) => uuid));
    const tasks = claimed.filter(({ uuid, nextLook }) => nextLook !== null && !here.has(uuid));
    const lost = tasks.filter(isLost);
    await Promise.all(lost.map((task) => this.tasks.settle(task.uuid, lostOutcome(task))));
    if (this.options.settle !== undefined) {
      const others = tasks.filter((task) => !isLost(task));
      for (const task of await this.inquiries.askAbout(others)) await this.lookAgain(task);
    }
    return claimed.length;
  }

  /**
   * What needs nobody to be asked. The others stay due, for a process that has a `settle`; so that they are not read
   * each time, it goes by what has become due since the last time, and may have been written a lease later.
   */
  private async claimLost(): Promise<Task[]> {
    const now = this.options.now();
    const isForAll = now - this.looked.atAll >= ALL_MS;
    const claimed = await this.tasks.claimLost(BATCH, LEASE_MS, isForAll ? 0 : this.looked.at - LEASE_MS);
    // As long as there is more, it begins where it began.
    if (claimed.length < BATCH) this.looked = { atAll: isForAll ? now : this.looked.atAll, at: now };
    return claimed;
  }

  private async record(task: Task, outcome: Outcome | null): Promise<void> {
    const isNews =
      outcome !== null &&
      outcome.state !== 'unknown' &&
      (outcome.state !== 'processing' ||
        task.state !== 'processing' ||
        (await this.tasks.isNews(task, outcome)));
    // The host knows of its own work that goes on as well as the answer did. What it was asked about as unknown may
    // have turned out to be accepted meanwhile.
    const witness = task.state === 'processing' ? 'answer' : 'observation';
    if (isNews && (await this.tasks.settle(task.uuid, outcome, witness))) return;
    if (outcome?.state === 'processing' && outcome.lookAgainAt !== undefined) {
      await this.tasks.lookAgain(task.uuid, outcome.lookAgainAt, [task.state]);
    } else await this.lookAgain(task);
  }

  /** The longer a task has stood as it is, the later: it takes few questions to find out both early and late. */
  private async lookAgain(task: Task, pauseMs?: number): Promise<void> {
    const now = this.options.now();
    const { min, max } = ASK_AGAIN_MS;
    const pause = pauseMs ?? Math.min(Math.max(now - task.lastUpdated, min), max);
    await this.tasks.lookAgain(task.uuid, Math.round(now + pause), [task.state]);
  }

  private async takeBack(task: Task, trouble: string | null): Promise<void> {
    // Another process may ask at once.
    if (trouble === null) return this.lookAgain(task, 0);
    this.logger.warn(`What became of task ${task.uuid} could not be found out: ${trouble}`);
    await this.lookAgain(task);
  }
}

/** Whoever commits first is right: the work, or this. */
function lostOutcome({ sameTransaction }: Task): Outcome {
  return sameTransaction ? NOT_COMMITTED : { state: 'unknown' };
}
