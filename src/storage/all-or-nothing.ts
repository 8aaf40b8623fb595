import type { DataSource } from 'typeorm';
import type Database from 'better-sqlite3';
import { retryDeadlocks } from './driver-errors.js';
import { untilNoTransaction } from './shared-connection.js';
import { transaction } from './transaction.js';

/** An SQL statement with its parameters. */
export interface Statement {
  sql: string;
  parameters: unknown[];
  /** The number of rows that it must change; otherwise nothing of the whole is written. */
  mustChange?: number;
}

/** Anything that can tell its SQL: TypeORM's query builders. */
interface QueryBuilder {
  getQueryAndParameters(): [string, unknown[]];
}

/** The statement that a query builder stands for. */
export function statement(builder: QueryBuilder, mustChange?: number): Statement {
  const [sql, parameters] = builder.getQueryAndParameters();
  return { sql, parameters, mustChange };
}

/**
 * Commits all of the statements or none of them.
 *
 * SQLite has one connection that all requests share, so a transaction with an `await` inside would take in the
 * statements of others. There the statements run in one go, without giving up control.
 *
 * @returns false when somebody was faster: a statement did not change the rows that it must change. Read again, and
 *   decide again.
 * @throws the driver's error when a statement fails; nothing is written then, unless the connection was lost
 */
export async function commitAllOrNothing(dataSource: DataSource, statements: Statement[]): Promise<boolean> {
  try {
    if (dataSource.options.type === 'better-sqlite3') await runInOneGo(dataSource, statements);
    else await retryDeadlocks(() => runInTransaction(dataSource, statements));
    return true;
  } catch (error) {
    if (error instanceof GuardFailed) return false;
    throw error;
  }
}

class GuardFailed extends Error {}

async function runInOneGo(dataSource: DataSource, statements: Statement[]): Promise<void> {
  const { databaseConnection } = dataSource.driver as unknown as { databaseConnection: Database.Database };
  await untilNoTransaction(databaseConnection);
  databaseConnection
    .transaction(() => {
      for (const { sql, parameters, mustChange } of statements) {
        guard(databaseConnection.prepare(sql).run(...parameters).changes, mustChange);
      }
    })
    .immediate();
}

async function runInTransaction(dataSource: DataSource, statements: Statement[]): Promise<void> {
  await transaction(dataSource, async (query) => {
    for (const { sql, parameters, mustChange } of statements) {
      guard((await query(sql, parameters)).affected, mustChange);
    }
  });
}

function guard(changed: number, mustChange: number | undefined): void {
  if (mustChange !== undefined && changed !== mustChange) throw new GuardFailed();
}
