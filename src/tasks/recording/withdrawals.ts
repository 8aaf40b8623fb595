import { Loop } from '../following/loop.js';
import type { Outcome } from '../task.states.js';

/** The outcome of a withdrawn request. */
export const WITHDRAWN: Outcome = {
  state: 'rejected',
  fault: {
    code: 503,
    message: 'The database did not confirm the record in time. Nothing was done. Send the request again.',
  },
};

/** How requests are withdrawn. */
export interface WithdrawalsOptions {
  /** Returns which of some tasks exist, and have not ended. */
  find: (uuids: string[]) => Promise<string[]>;
  /** Records that a task's request was not accepted. */
  reject: (uuid: string) => Promise<unknown>;
  /**
   * How long the database must have answered before an unconfirmed write can no longer arrive, in milliseconds.
   *
   * @default 60000
   */
  certainMs?: number;
  /** How long to wait before looking again, in milliseconds. @default 1000 */
  pauseMs?: number;
  /**
   * The most tasks that are looked for; with more, the oldest are left to the follower.
   *
   * @default 100000
   */
  most?: number;
}

/** The most tasks that one statement looks for. */
const BATCH = 500;

/**
 * Withdraws tasks whose request was refused because the database did not confirm them in time. The requests were not
 * carried out, and only this process knows that; but a row may have been written, or may still arrive. Left alone, it
 * would refuse the very request that the client is to send again. This runs outside the context of any request.
 */
export class Withdrawals {
  /** Since when the database has answered that a task does not exist; `null` while it does not answer. */
  private readonly wanted = new Map<string, number | null>();
  private readonly options: Required<WithdrawalsOptions>;
  private readonly loop: Loop;

  constructor(options: WithdrawalsOptions) {
    this.options = { certainMs: 60_000, pauseMs: 1000, most: 100_000, ...options };
    const { pauseMs } = this.options;
    this.loop = new Loop({ step: () => this.lookAndPause(), pauseMs, onError: () => undefined });
    // Started here, not by the first request, so that it runs outside the context of any request.
    this.loop.start();
  }

  /** From now on, a task with this id is rejected as soon as it exists. */
  add(uuid: string): void {
    if (this.wanted.size >= this.options.most) this.wanted.delete(this.wanted.keys().next().value as string);
    this.wanted.set(uuid, null);
    this.loop.wake();
  }

  /**
   * Looks for all of them once more; those that do not exist then are given up. May be called again when more were
   * added.
   */
  async stop(): Promise<void> {
    await this.loop.stop();
    if (this.wanted.size > 0) await this.look();
  }

  private async lookAndPause(): Promise<number> {
    if (this.wanted.size > 0) await this.look();
    return this.wanted.size > 0 ? this.options.pauseMs : Infinity;
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
        // The database does not answer, so writes that were sent before may still be under way.
        for (const uuid of this.wanted.keys()) this.wanted.set(uuid, null);
        return;
      }
    }
  }

  /** Forgets tasks that can no longer arrive. */
  private count(uuids: string[]): void {
    const now = performance.now();
    for (const uuid of uuids) {
      const since = this.wanted.get(uuid);
      if (since === null) this.wanted.set(uuid, now);
      else if (since !== undefined && now - since >= this.options.certainMs) this.wanted.delete(uuid);
    }
  }
}
