import type { Logger } from 'typeorm';
import { isUnclearAfter } from './unclear-connection.js';

/** The result of a statement. */
export interface Answer {
  rows: Record<string, unknown>[];
  /** How many rows it found or changed. */
  affected: number;
}

/** Sends a statement, with parameters in the database's own style. */
export type Query = (sql: string, parameters?: unknown[]) => Promise<Answer>;

/** A connection of a pool, for a transaction. */
export interface TransactionConnection {
  query(sql: string, parameters: unknown[]): Promise<Answer>;
  /** The statements that begin it, at READ COMMITTED. */
  begin: readonly string[];
  commit: string;
  rollback: string;
  /** Whether the server says that a transaction is open. */
  isOpen(): boolean;
  release(): void;
  destroy(): void;
}

/**
 * Does work in its own transaction, at READ COMMITTED whatever the application's default is: no gap locks, which would
 * hold up the recording of new rows.
 *
 * A connection returns to the pool only when its transaction has clearly ended. TypeORM's own `transaction` returns it
 * even after a failed ROLLBACK; later writes over it then succeed, and are never committed.
 *
 * @param work if it rejects, the transaction is rolled back
 * @throws what `work` throws, or the driver's error; for an error of COMMIT, `isOutOfReach` shows whether it is certain
 *   that nothing was written
 */
export async function transactionOver<T>(
  connection: TransactionConnection,
  logger: Logger,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  let isUnclear = false;
  const query: Query = async (sql, parameters = []) => {
    logger.logQuery(sql, parameters);
    try {
      return await connection.query(sql, parameters);
    } catch (error) {
      isUnclear ||= isUnclearAfter(error);
      throw error;
    }
  };
  try {
    for (const sql of connection.begin) await query(sql);
    const result = await work(query);
    await query(connection.commit);
    return result;
  } catch (error) {
    // If this fails too, the connection is closed, and that rolls back.
    if (!isUnclear) await query(connection.rollback).catch(() => undefined);
    throw error;
  } finally {
    if (isUnclear || connection.isOpen()) connection.destroy();
    else connection.release();
  }
}
