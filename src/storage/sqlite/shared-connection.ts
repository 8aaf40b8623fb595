import type Database from 'better-sqlite3';
import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

/** How long to wait for the end of another transaction, in milliseconds. */
const LIMIT_MS = 10_000;

/** How often to check whether it has ended, in milliseconds. */
const PAUSE_MS = 2;

/**
 * Fulfilled when no transaction is open on SQLite's one connection, which the whole application shares: a write during
 * a host's transaction would be part of it, and vanish with its ROLLBACK. The code that follows must not give up
 * control.
 *
 * @throws Error with the code `ETIMEDOUT` when the transaction stays open
 */
async function untilNoTransaction(database: Database.Database): Promise<void> {
  const until = performance.now() + LIMIT_MS;
  while (database.inTransaction) {
    if (performance.now() > until) {
      throw Object.assign(new Error("the application's own transaction stays open"), { code: 'ETIMEDOUT' });
    }
    await pause(PAUSE_MS);
  }
}

/** The one connection of a data source. */
export function sharedConnection(dataSource: DataSource): Database.Database {
  return (dataSource.driver as unknown as { databaseConnection: Database.Database }).databaseConnection;
}

/** Does work in a transaction, when no other one is open. */
export async function inOneGo<T>(database: Database.Database, work: () => T): Promise<T> {
  await untilNoTransaction(database);
  return database.transaction(work).immediate();
}
