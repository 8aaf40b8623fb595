import { AsyncResource } from 'node:async_hooks';
import type { Outcome } from '../task.states.js';

/** What is recorded of a request that is withdrawn. */
export const WITHDRAWN: Outcome = {
  state: 'rejected',
  fault: {
    code: 503,
    message: 'The database did not confirm the record in time. Nothing was done. Send the request again.',
  },
};

/** What requests are withdrawn with. */
export interface WithdrawalsOptions {
  /** Which of some tasks are there, and have not ended. */
  find: (uuids: string[]) => Promise<string[]>;
  /** Records that a task's request was not accepted. */
  reject: (uuid: string) => Promise<unknown>;
  /**
   * How long the database must have answered until a write that it never confirmed can no longer come, in milliseconds.
   *
   * @default 60000
   */
  certainMs?: number;
  /** How long to wait before looking again, in milliseconds. @default 1000 */
  pauseMs?: number;
  /**
   * How many may be looked for; of more, those that came first are left to whoever follows open tasks.
   *
   * @default 100000
   */
  most?: number;
}

/** What one statement looks for. */
const BATCH = 500;

/**
 * Takes back tasks whose request was refused because the database did not confirm them in time. Their requests were not
 * carried out, and only this process knows that; but a row may have been written, or may come yet. Left alone it would
 * refuse the very request that its client was told to send again. It is done in the context of no request.
 */
export class Withdrawals {
  /** Since when the database has answered that a task is not there; `null` while it does not answer. */
  private readonly wanted = new Map<string, number | null>();
  private running: Promise<void> | null = null;
  private wake: () => void = () => undefined;
  private isStopping = false;
  private readonly context = new AsyncResource('TasktagWithdrawals');
  private readonly options: Required<WithdrawalsOptions>;

  constructor(options: WithdrawalsOptions) {
    this.options = { certainMs: 60_000, pauseMs: 1000, most: 100_000, ...options };
  }

  /** From now on, a task with this id is rejected as soon as it is there. */
  add(uuid: string): void {
    if (this.wanted.size >= this.options.most) this.wanted.delete(this.wanted.keys().next().value as string);
    this.wanted.set(uuid, null);
    this.running ??= this.context.runInAsyncScope(() => this.run());
  }

  /** Looks for all of them once more; what is not there then is given up, unless more are added. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.wake();
    await this.running;
    this.isStopping = false;
  }

  private async run(): Promise<void> {
    for (let isLast = false; this.wanted.size > 0 && !isLast;) {
      isLast = this.isStopping;
      await this.look();
      if (this.wanted.size > 0 && !isLast) await this.pause();
    }
    this.running = null;
  }

  private async look(): Promise<void> {
    const uuids = [...this.wanted.keys()];
    for (let start = 0; start < uuids.length; start += BATCH) {
      const some = uuids.slice(start, start + BATCH);
      try {
        const there = await this.options.find(some);
        for (const uuid of there) {
          await this.options.reject(uuid);
          this.wanted.delete(uuid);
        }
        this.count(some);
      } catch {
        // The database does not answer, so what it was sent before may still be under way.
        for (const uuid of this.wanted.keys()) this.wanted.set(uuid, null);
        return;
      }
    }
  }

  /** Forgets what cannot come any more. */
  private count(uuids: string[]): void {
    const now = performance.now();
    for (const uuid of uuids) {
      const since = this.wanted.get(uuid);
      if (since === null) this.wanted.set(uuid, now);
      else if (since !== undefined && now - since >= this.options.certainMs) this.wanted.delete(uuid);
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      // Does not keep the process alive: who ends it without a stop would end it at any other moment as well.
      const timer = setTimeout(resolve, this.options.pauseMs).unref();
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.isStopping) this.wake();
    });
  }
}
