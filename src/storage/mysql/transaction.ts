import type { PoolConnection } from 'mysql2';
import type { DataSource } from 'typeorm';
import { allOrNothing, expectChanged } from '../must-change.js';
import { retryDeadlocks } from '../retry-deadlocks.js';
import type { Statement } from '../statement.js';
import { type Answer, type Query, type TransactionConnection, transactionOver } from '../transaction.js';
import { MYSQL_ERRORS } from './errors.js';
import { mysqlConnection } from './query.js';
import { saysOpen } from './server-status.js';

/** Does work in a transaction over a connection of a data source, and repeats it after a deadlock. */
export function mysqlTransaction<T>(dataSource: DataSource, work: (query: Query) => Promise<T>): Promise<T> {
  return retryDeadlocks(MYSQL_ERRORS.isDeadlock, async () =>
    transactionOver(inMysql(await mysqlConnection(dataSource)), dataSource.logger, work),
  );
}

/** NO CHAIN: a server may be set to begin another transaction at the end of each (`completion_type`). */
function inMysql(connection: PoolConnection): TransactionConnection {
  let isOpen = false;
  return {
    begin: ['SET TRANSACTION ISOLATION LEVEL READ COMMITTED', 'START TRANSACTION'],
    commit: 'COMMIT AND NO CHAIN',
    rollback: 'ROLLBACK AND NO CHAIN',
    query: (sql, parameters) =>
      new Promise((resolve, reject) => {
        connection.query(sql, parameters, (error, answer: unknown) => {
          if (error !== null) return void reject(error);
          if (Array.isArray(answer)) return void resolve({ rows: answer as Answer['rows'], affected: 0 });
          isOpen = saysOpen(answer);
          resolve({ rows: [], affected: (answer as { affectedRows: number }).affectedRows });
        });
      }),
    isOpen: () => isOpen,
    release: () => connection.release(),
    destroy: () => connection.destroy(),
  };
}

/**
 * Commits all of the statements or none of them; see `Storage.commit`.
 *
 * @returns false when a statement did not change the required number of rows
 */
export function commitAllOrNone(dataSource: DataSource, statements: readonly Statement[]): Promise<boolean> {
  return allOrNothing(() =>
    mysqlTransaction(dataSource, async (query) => {
      for (const one of statements) expectChanged((await query(one.sql, one.parameters)).affected, one);
    }),
  );
}
