import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { messageOf } from '../../errors/message-of.js';
import { within } from '../../storage/within.js';
import { RequestsInFlight } from '../requests/in-flight/requests-in-flight.js';
import type { Task } from '../task.entity.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { FollowedTasks } from './followed-tasks.js';
import { Loop } from './loop.js';
import { OwnProcess } from './own-process.js';
import { TaskProcesses } from './task-processes.js';

/** How many tasks left behind are looked at together. */
const BATCH = 500;

/** How long a statement may take, in milliseconds. */
const LIMIT_MS = 10_000;

/** The shortest pause, in milliseconds. */
const MIN_PAUSE_MS = 25;

/**
 * Reports that this process is alive while it carries out requests, so that no other process takes its pending tasks
 * for lost. A dead process is silent, and its tasks are lost by that alone. The rows of the tasks are not written: a
 * handler may have a transaction open that would lose against such a write.
 *
 * A request that ends within half of `pendingMs`, like most, costs nothing.
 */
@Injectable()
export class Heartbeat implements OnApplicationBootstrap {
  private readonly logger = new Logger(Heartbeat.name);
  private readonly pauseMs: number;
  private readonly loop: Loop;
  /** Until when others consider this process alive, in epoch milliseconds. */
  private aliveUntil = -Infinity;

  constructor(
    private readonly own: OwnProcess,
    private readonly processes: TaskProcesses,
    private readonly tasks: FollowedTasks,
    private readonly inFlight: RequestsInFlight,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {
    this.pauseMs = Math.max(options.pendingMs / 4, MIN_PAUSE_MS);
    this.loop = new Loop({
      step: () => this.step(),
      pauseMs: this.pauseMs,
      onError: (message) => this.logger.warn(`Tasks under way may be taken for lost: ${message}`),
    });
  }

  onApplicationBootstrap(): void {
    if (this.own.id !== null) this.loop.start();
  }

  /** Call it when the last request has ended. Other processes find any tasks that are left. */
  async stop(): Promise<void> {
    await this.loop.stop();
    if (this.aliveUntil === -Infinity) return;
    try {
      await within(LIMIT_MS, this.processes.leave());
    } catch (error) {
      // The row's time runs out by itself.
      this.logger.warn(`The end of this process could not be recorded: ${messageOf(error)}`);
    }
  }

  private async step(): Promise<number> {
    const now = this.options.now();
    const inFlight = this.inFlight.tasks();
    await this.beat(now, inFlight);
    await this.giveUpLeftBehind(this.own.leftBehind(now, inFlight));
    return this.pauseMs;
  }

  /** Reports before the first of the tasks is due. */
  private async beat(now: number, inFlight: Task[]): Promise<void> {
    const { pendingMs } = this.options;
    const soon = now + pendingMs / 2;
    const isSoonDue = ({ nextLook }: Task) => nextLook !== null && nextLook < soon;
    if (this.aliveUntil >= soon || !inFlight.some(isSoonDue)) return;
    const until = Math.round(now + pendingMs);
    await within(LIMIT_MS, this.processes.beat(until));
    this.aliveUntil = until;
  }

  /**
   * Gives up tasks whose handlers have ended without a recorded outcome: while this process is alive, no other looks at
   * them.
   */
  private async giveUpLeftBehind(uuids: string[]): Promise<void> {
    for (let start = 0; start < uuids.length; start += BATCH) {
      const some = uuids.slice(start, start + BATCH);
      const pending = new Set(await this.tasks.pending(some));
      // The others ended in the handler's own transaction.
      for (const uuid of some) if (!pending.has(uuid)) this.own.ends(uuid);
      await this.tasks.lose(await this.tasks.claimPending([...pending], this.options.pendingMs));
    }
  }
}
