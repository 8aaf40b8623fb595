import { Injectable } from '@nestjs/common';
import type { QueryRunner } from 'typeorm';
import type { Task } from '../task.entity.js';

/** A handler at work, of a task. */
export interface RunningHandler {
  readonly task: Task;
  /** What the transaction runs on in which it has ended its task; `null` when it has not done so. */
  endedBy: QueryRunner | null;
}

/** The handlers of this process that are at work, by their tasks. */
@Injectable()
export class RunningHandlers {
  private readonly handlers = new Map<string, RunningHandler>();
  /** Those that have ended their task in a transaction which was open yet, by the tasks' duplicate keys. */
  private readonly undecided = new Map<string, RunningHandler>();

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
      throw error;
    }
  }

  private remember(handler: RunningHandler): void {
    for (const [key, other] of this.undecided) if (!isUndecided(other)) this.undecided.delete(key);
    const { duplicateKey } = handler.task;
    if (duplicateKey !== null) this.undecided.set(duplicateKey, handler);
  }

  /** Whether a handler is at work here that is to end its task in its own transaction. */
  isSameTransaction(uuid: string): boolean {
    return this.handlers.get(uuid)?.task.sameTransaction === true;
  }

  /**
   * The task with a duplicate key that was ended here in a transaction which is open yet. Whoever writes the same key
   * would wait for that; and it for him, when he is called within it.
   */
  undecidedTask(duplicateKey: string | null): Task | null {
    if (duplicateKey === null || this.undecided.size === 0) return null;
    const handler = this.undecided.get(duplicateKey);
    return handler !== undefined && isUndecided(handler) ? handler.task : null;
  }
}

/**
 * Whether a handler has ended its task in a transaction that is open yet, as one that an interceptor before it has
 * opened. What becomes of the task is decided there; to write its row meanwhile would be to wait for it.
 */
export function isUndecided({ endedBy }: RunningHandler): boolean {
  return endedBy !== null && endedBy.isTransactionActive && !endedBy.isReleased;
}
