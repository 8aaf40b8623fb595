import { Injectable } from '@nestjs/common';
import type { QueryRunner } from 'typeorm';
import type { Task } from '../task.entity.js';

/** How many are remembered whose transaction has ended. */
const REMEMBERED = 1000;

/** A handler at work, of a task. */
export interface RunningHandler {
  readonly task: Task;
  /** What the transaction runs on in which it has ended its task; `null` when it has not done so. */
  endedBy: QueryRunner | null;
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

/** The handlers of this process that are at work, by their tasks. */
@Injectable()
export class RunningHandlers {
  private readonly handlers = new Map<string, RunningHandler>();
  /** Those that have ended their task in a transaction, by the tasks' duplicate keys, the oldest first. */
  private readonly endedItself = new Map<string, RunningHandler>();

  add(handler: RunningHandler): void {
    this.handlers.set(handler.task.uuid, handler);
  }

  remove({ task }: RunningHandler): void {
    this.handlers.delete(task.uuid);
  }

  /**
   * Ends a task in a transaction, and remembers that of its handler, when that is at work here: from before on, since
   * whoever comes when it is done waits for the transaction.
   */
  async endItself(
    uuid: string,
    queryRunner: QueryRunner | undefined,
    end: () => Promise<void>,
  ): Promise<void> {
    const handler = this.handlers.get(uuid);
    if (handler === undefined || queryRunner === undefined) return end();
    handler.endedBy = queryRunner;
    this.remember(handler);
    try {
      await end();
    } catch (error) {
      handler.endedBy = null;
      this.endedItself.delete(handler.task.duplicateKey ?? '');
      throw error;
    }
  }

  /** Without what else a handler holds, since it may be remembered for longer than its request lasts. */
  private remember({ task, endedBy }: RunningHandler): void {
    if (task.duplicateKey === null) return;
    this.endedItself.delete(task.duplicateKey);
    this.endedItself.set(task.duplicateKey, { task, endedBy });
    for (const [key, other] of this.endedItself) {
      if (this.endedItself.size <= REMEMBERED) return;
      if (!isUndecided(other)) this.endedItself.delete(key);
    }
  }

  /** Whether a handler is at work here that is to end its task in its own transaction. */
  isSameTransaction(uuid: string): boolean {
    return this.handlers.get(uuid)?.task.sameTransaction === true;
  }

  /** What is known here of an earlier handler that has ended the task with a duplicate key in a transaction. */
  earlier(duplicateKey: string | null): Earlier | null {
    if (duplicateKey === null || this.endedItself.size === 0) return null;
    const handler = this.endedItself.get(duplicateKey);
    if (handler === undefined) return null;
    const { task } = handler;
    if (isUndecided(handler)) return { is: 'open', task };
    // It may try its transaction again by itself.
    if (this.handlers.has(task.uuid)) return null;
    this.endedItself.delete(duplicateKey);
    return { is: 'over', task };
  }
}

/**
 * Whether a handler has ended its task in a transaction that is open yet, as one that an interceptor before it has
 * opened. What becomes of the task is decided there; to write its row meanwhile would be to wait for it.
 */
export function isUndecided({ endedBy }: RunningHandler): boolean {
  return endedBy !== null && endedBy.isTransactionActive && !endedBy.isReleased;
}
