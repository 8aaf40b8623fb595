import type { PoolConnection, QueryError } from 'mysql2';
import type { DataSource } from 'typeorm';
import { isUnclearAfter, OpenTransactionError } from '../unclear-connection.js';
import { saysOpen } from './server-status.js';

interface MysqlDriver {
  obtainMasterConnection(): Promise<PoolConnection>;
}

/** A connection of TypeORM's pool, to be released or destroyed. */
export function mysqlConnection(dataSource: DataSource): Promise<PoolConnection> {
  return (dataSource.driver as unknown as MysqlDriver).obtainMasterConnection();
}

/**
 * Sends one statement over a connection of TypeORM's pool. TypeORM's work around a statement costs more than the
 * statement: a query runner, events, and a stack for an error that does not come.
 *
 * @param isOpen whether the answer says that a transaction is open, so that nothing is committed
 * @returns the rows of a statement that returns rows, else mysql2's `ResultSetHeader`
 * @throws the driver's error
 * @throws OpenTransactionError when it is not known whether the write lasts
 */
export async function mysqlQuery<Result>(
  dataSource: DataSource,
  sql: string,
  parameters: unknown[],
  isOpen: (answer: Result) => boolean = saysOpen,
): Promise<Result> {
  dataSource.logger.logQuery(sql, parameters);
  const connection = await mysqlConnection(dataSource);
  return new Promise((resolve, reject) => {
    const end = (error: Error | null, answer?: unknown) => {
      const fault = error ?? (isOpen(answer as Result) ? new OpenTransactionError() : null);
      if (fault !== null && isUnclearAfter(fault)) connection.destroy();
      else connection.release();
      if (fault === null) resolve(answer as Result);
      else reject(fault);
    };
    try {
      connection.query(sql, parameters, (error: QueryError | null, answer: unknown) => end(error, answer));
    } catch (error) {
      // The driver cannot send a value, so nothing was sent.
      connection.release();
      throw error;
    }
  });
}
