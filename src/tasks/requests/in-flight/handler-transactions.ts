import { Injectable } from '@nestjs/common';
import type { QueryRunner } from 'typeorm';
import { InFlightByKey } from '../../../http/in-flight.js';
import type { HandedOn } from '../../recording/way.js';
import type { Task } from '../../task.entity.js';

/** How many handlers are remembered whose transactions have ended. */
const REMEMBERED = 1000;

/** A running handler, and its task. */
export interface HandlerAtWork {
  readonly task: Task;
  /** When it began; `undefined`: it has not. */
  readonly handedOn: HandedOn | undefined;
  /** The query runner of the transaction in which it has ended its task; `null` if it has not done so. */
  endedIn: QueryRunner | null;
  /** Whether it has done so after a savepoint: a rollback to that undoes the end alone, and not the other work. */
  isAfterSavepoint: boolean;
}

/** What is remembered of a handler. */
type Ended = Pick<HandlerAtWork, 'task' | 'endedIn'>;

/**
 * An earlier handler's task that was ended in a transaction.
 *
 * - `open`: the transaction is open. A write of the same key would wait for it; and it for that write, if made within
 *   it.
 * - `over`: the transaction has ended, and so has the handler. The task is as committed, or unchanged. It is returned
 *   only once.
 */
export interface Earlier {
  is: 'open' | 'over';
  task: Task;
}

/** The running handlers of this process, and the transactions in which handlers have ended their tasks. */
@Injectable()
export class HandlerTransactions {
  /** Running handlers, by their tasks. */
  private readonly atWork = new InFlightByKey<HandlerAtWork>();
  /** Handlers that have ended their task in a transaction, by the tasks' duplicate keys, the oldest first. */
  private readonly ended = new Map<string, Ended>();

  begin(handler: HandlerAtWork): void {
    this.atWork.set(handler.task.uuid, handler);
  }

  end({ task }: HandlerAtWork): void {
    this.atWork.delete(task.uuid);
  }

  /**
   * Ends a task in a transaction, and remembers that for its handler, if it is running here. It is remembered before
   * the write, since a request that comes after the write waits for the transaction.
   */
  async endTask(uuid: string, queryRunner: QueryRunner | undefined, end: () => Promise<void>): Promise<void> {
    const handler = this.atWork.get(uuid);
    if (handler === undefined || queryRunner === undefined) return end();
    handler.endedIn = queryRunner;
    handler.isAfterSavepoint = depthOf(queryRunner) > 1;
    this.remember(handler);
    try {
      await end();
    } catch (error) {
      handler.endedIn = null;
      this.ended.delete(handler.task.duplicateKey ?? '');
      throw error;
    }
  }

  /** Remembers only these parts of a handler, since they may be kept for longer than its request lasts. */
  private remember({ task, endedIn }: HandlerAtWork): void {
    if (task.duplicateKey === null) return;
    this.ended.delete(task.duplicateKey);
    this.ended.set(task.duplicateKey, { task, endedIn });
    for (const [key, other] of this.ended) {
      if (this.ended.size <= REMEMBERED) return;
      if (!isInOpenTransaction(other)) this.ended.delete(key);
    }
  }

  /** When a task's handler began that is running here. */
  handedOn(uuid: string): HandedOn | undefined {
    return this.atWork.get(uuid)?.handedOn;
  }

  /** Whether a task's handler is running here, and must end the task in its own transaction. */
  isSameTransaction(uuid: string): boolean {
    return this.atWork.get(uuid)?.task.sameTransaction === true;
  }

  /** The earlier handler that has ended the task with a duplicate key in a transaction, if this process knows one. */
  earlier(duplicateKey: string | null): Earlier | null {
    if (duplicateKey === null || this.ended.size === 0) return null;
    const handler = this.ended.get(duplicateKey);
    if (handler === undefined) return null;
    const { task } = handler;
    if (isInOpenTransaction(handler)) return { is: 'open', task };
    // The handler may retry its transaction by itself.
    if (this.atWork.get(task.uuid) !== undefined) return null;
    this.ended.delete(duplicateKey);
    return { is: 'over', task };
  }
}

/**
 * Whether a handler has ended its task in a transaction that is still open, such as one that an interceptor before it
 * has opened. That transaction decides the task's outcome; a write to its row would wait for it.
 */
export function isInOpenTransaction({ endedIn }: Ended): boolean {
  return endedIn !== null && endedIn.isTransactionActive && !endedIn.isReleased;
}

/** How many transactions are open in one another: all but the outermost are savepoints. TypeORM does not declare it. */
function depthOf(queryRunner: QueryRunner): number {
  return (queryRunner as { transactionDepth?: number }).transactionDepth ?? 1;
}
