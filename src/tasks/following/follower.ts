import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { RequestsInFlight } from '../requests/in-flight/requests-in-flight.js';
import type { Task } from '../task.entity.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { FollowedTasks, isLost, type LookAtDue } from './followed-tasks.js';
import { Loop } from './loop.js';
import { Questions } from './questions.js';
import { SaidOnce } from './said-once.js';
import { OBSERVER, type TaskObserver } from './task-observer.js';
import { TaskProcesses } from './task-processes.js';

/** The most tasks of one look. */
const BATCH = 200;

/** The terms without an observer. */
const ALONE = { leaseMs: 60_000, pauseMs: 1000 };

/** How often a process without an observer looks at all due tasks, and not only at those that became due lately. */
const ALL_MS = 600_000;

/**
 * Follows open tasks to their end: those of a process that has died, and those whose outcome the observer knows. Each
 * task is looked at by one process at a time, and the result is written by compare-and-set: an answer that still comes
 * late is not lost.
 */
@Injectable()
export class Follower implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Follower.name);
  private readonly loop: Loop;
  private readonly questions: Questions | null;
  private readonly terms: { leaseMs: number; pauseMs: number };
  /** When all due tasks were looked at last, and when those that became due lately, in epoch milliseconds. */
  private looked = { atAll: -Infinity, at: -Infinity };
  /** The processes that were alive at the last look. */
  private alive: readonly string[] = [];
  /** When a look last succeeded, by `performance.now()`; at first, when the looks began. */
  private succeededAt: number | null = null;

  constructor(
    private readonly tasks: FollowedTasks,
    private readonly open: RequestsInFlight,
    private readonly processes: TaskProcesses,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
    @Inject(OBSERVER) observer: TaskObserver | null,
  ) {
    this.terms = observer?.terms ?? ALONE;
    this.questions = observer === null ? null : this.questionsTo(observer);
    const pauseMs = Math.min(this.terms.pauseMs, Math.max(options.pendingMs / 2, 25));
    this.loop = new Loop({
      step: () => this.look(pauseMs),
      pauseMs,
      onError: (message) => this.logger.warn(`Open tasks cannot be looked at: ${message}`),
    });
  }

  onApplicationBootstrap(): void {
    if (!this.options.sweep) return;
    this.succeededAt = performance.now();
    this.loop.start();
  }

  /** It runs before the database is closed, and before the last requests are answered: their tasks go on later. */
  async beforeApplicationShutdown(): Promise<void> {
    const stopped = this.loop.stop();
    await this.questions?.stop();
    await stopped;
  }

  /** How long ago open tasks were last looked at, in milliseconds; `null` when they are not looked at here. */
  get sinceLookMs(): number | null {
    return this.succeededAt === null ? null : performance.now() - this.succeededAt;
  }

  private questionsTo(observer: TaskObserver): Questions {
    const trouble = new SaidOnce((message) =>
      this.logger.warn(`The outcome of tasks cannot be looked up: ${message}`),
    );
    return new Questions({
      observer,
      record: (observation, task) => this.tasks.record(observation, task),
      onError: (error) => trouble.failed(error),
      onSuccess: () => trouble.succeeded(),
    });
  }

  /** @returns how long to wait before the next look, in milliseconds */
  private async look(pauseMs: number): Promise<number> {
    // If the observer cannot be asked now, lost tasks must not wait for it.
    const asked = (await this.questions?.hasRoom()) === true ? this.questions : null;
    const due = await this.lookAtDue();
    const claimed = await (asked ? this.tasks.claimDue(BATCH, due) : this.claimLost(due));
    const here = this.inFlightHere();
    const tasks = claimed.filter(({ uuid, nextLook }) => nextLook !== null && !here.has(uuid));
    const lost = tasks.filter(isLost);
    await this.tasks.lose(lost);
    const left = (await asked?.askAbout(tasks.filter((task) => !isLost(task)))) ?? [];
    for (const task of left) await this.tasks.lookLater(task);
    this.succeededAt = performance.now();
    // Tasks that have just become unknown are asked about at once.
    return claimed.length === BATCH || (asked !== null && lost.length > 0) ? 0 : pauseMs;
  }

  private async lookAtDue(): Promise<LookAtDue> {
    const now = this.options.now();
    const alive = await this.processes.alive(now);
    // The tasks of a process that has died since may have been due for a long time.
    if (this.alive.some((id) => !alive.includes(id))) this.looked.atAll = -Infinity;
    this.alive = alive;
    return { now, leaseMs: this.terms.leaseMs, alive };
  }

  /** The requests in flight here, if this process reports that it is alive: they get their answers first. */
  private inFlightHere(): ReadonlySet<string> {
    return new Set(this.options.heartbeat ? this.open.tasks().map(({ uuid }) => uuid) : []);
  }

  /**
   * Claims the lost tasks. The others stay due, for a process with an observer. So that they are not read each time, it
   * reads only tasks that became due since the last look, which may have been written up to a lease later.
   */
  private async claimLost(due: LookAtDue): Promise<Task[]> {
    const { now, leaseMs } = due;
    const isForAll = now - this.looked.atAll >= ALL_MS;
    const claimed = await this.tasks.claimLost(BATCH, due, isForAll ? 0 : this.looked.at - leaseMs);
    // While there are more, the next look begins at the same place.
    if (claimed.length < BATCH) this.looked = { atAll: isForAll ? now : this.looked.atAll, at: now };
    return claimed;
  }
}
