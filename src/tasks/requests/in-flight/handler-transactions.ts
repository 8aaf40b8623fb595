import { Injectable } from '@nestjs/common';
import type { QueryRunner } from 'typeorm';
import type { Task } from '../../task.entity.js';

/** How many are remembered whose transaction has ended. */
const REMEMBERED = 1000;

/** A handler at work, of a task. */
export interface HandlerAtWork {
  readonly task: Task;
  /** The transaction in which it has ended its task, by what that runs on; `null` when it has not done so. */
  endedIn: QueryRunner | null;
}

/**
 * An earlier handler's task that was ended in a transaction.
 *
 * - `open`: the transaction is open. Whoever writes the same key would wait for that; and it for him, when he is called
 *   within it.
 * - `over`: the transaction has ended, and so has the handler. The task is what was committed, or stands as it was. It is
 *   told only once.
 */
export interface Earlier {
  is: 'open' | 'over';
  task: Task;
}

/** The handlers of this process that are at work, and the transactions in which handlers have ended their tasks. */
@Injectable()
export class HandlerTransactions {
  /** Handlers at work, by their tasks. */
  private readonly atWork = new Map<string, HandlerAtWork>();
  /** Those that have ended their task in a transaction, by the tasks' duplicate keys, the oldest first. */
  private readonly ended = new Map<string, HandlerAtWork>();

  begin(handler: HandlerAtWork): void {
    this.atWork.set(handler.task.uuid, handler);
  }

  end({ task }: HandlerAtWork): void {
    this.atWork.delete(task.uuid);
  }

  /**
   * Ends a task in a transaction, and remembers that of its handler, when that is at work here: from before on, since
   * whoever comes when it is done waits for the transaction.
   */
  async endTask(uuid: string, queryRunner: QueryRunner | undefined, end: () => Promise<void>): Promise<void> {
    const handler = this.atWork.get(uuid);
    if (handler === undefined || queryRunner === undefined) return end();
    handler.endedIn = queryRunner;
    this.remember(handler);
    try {
      await end();
    } catch (error) {
      handler.endedIn = null;
      this.ended.delete(handler.task.duplicateKey ?? '');
      throw error;
    }
  }

  /** Without what else a handler holds, since it may be remembered for longer than its request lasts. */
  private remember({ task, endedIn }: HandlerAtWork): void {
    if (task.duplicateKey === null) return;
    this.ended.delete(task.duplicateKey);
    this.ended.set(task.duplicateKey, { task, endedIn });
    for (const [key, other] of this.ended) {
      if (this.ended.size <= REMEMBERED) return;
      if (!isUndecided(other)) this.ended.delete(key);
    }
  }

  /** Whether a handler is at work here that is to end its task in its own transaction. */
  isSameTransaction(uuid: string): boolean {
    return this.atWork.get(uuid)?.task.sameTransaction === true;
  }

  /** The earlier handler that has ended the task with a duplicate key in a transaction, if this process knows one. */
  earlier(duplicateKey: string | null): Earlier | null {
    if (duplicateKey === null || this.ended.size === 0) return null;
    const handler = this.ended.get(duplicateKey);
    if (handler === undefined) return null;
    const { task } = handler;
    if (isUndecided(handler)) return { is: 'open', task };
    // It may try its transaction again by itself.
    if (this.atWork.has(task.uuid)) return null;
    this.ended.delete(duplicateKey);
    return { is: 'over', task };
  }
}

/**
 * Whether a handler has ended its task in a transaction that is open yet, as one that an interceptor before it has
 * opened. That transaction decides on the task; to write its row meanwhile would be to wait for it.
 */
export function isUndecided({ endedIn }: HandlerAtWork): boolean {
  return endedIn !== null && endedIn.isTransactionActive && !endedIn.isReleased;
}
