import type { PoolConnection } from 'mysql2';
import type { DataSource } from 'typeorm';
import { mysqlConnection } from './mysql-query.js';
import { postgresConnection, type PostgresClient } from './postgres-query.js';
import { isUnclearAfter, saysOpen } from './unclear-connection.js';

/** What a statement gave. */
export interface Answer {
  rows: Record<string, unknown>[];
  /** How many rows it has found or changed. */
  affected: number;
}

/** Sends a statement, with parameters in the database's own style. */
export type Query = (sql: string, parameters?: unknown[]) => Promise<Answer>;

/** A connection of a pool in a transaction. */
interface Connection {
  query(sql: string, parameters: unknown[]): Promise<Answer>;
  begin: readonly string[];
  commit: string;
  rollback: string;
  /** Whether the server says that a transaction is open. */
  isOpen(): boolean;
  release(): void;
  destroy(): void;
}

/**
 * Does work in a transaction of its own, at READ COMMITTED whatever the application's default is: no gap locks, which
 * would hold up the recording of new rows. Not for SQLite.
 *
 * A connection comes back to the pool only when it is clear that the transaction has ended. TypeORM's own `transaction`
 * gives it back also after a ROLLBACK that failed; what is written over it then is answered, and is never committed.
 *
 * @param work rejected: the transaction is rolled back
 * @throws what `work` throws, or the driver's error; when that is one of COMMIT, see `isOutOfReach` whether it is known
 *   that nothing was written
 */
export async function transaction<T>(dataSource: DataSource, work: (query: Query) => Promise<T>): Promise<T> {
  const connection = await connect(dataSource);
  let isUnclear = false;
  const query: Query = async (sql, parameters = []) => {
    dataSource.logger.logQuery(sql, parameters);
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
    // When this fails too, the connection is closed, and that rolls back.
    if (!isUnclear) await query(connection.rollback).catch(() => undefined);
    throw error;
  } finally {
    if (isUnclear || connection.isOpen()) connection.destroy();
    else connection.release();
  }
}

async function connect(dataSource: DataSource): Promise<Connection> {
  if (dataSource.options.type === 'postgres') return inPostgres(await postgresConnection(dataSource));
  return inMysql(await mysqlConnection(dataSource));
}

/** NO CHAIN: a server may be set to begin another transaction at the end of each (`completion_type`). */
function inMysql(connection: PoolConnection): Connection {
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

function inPostgres({ client, isOpen, release }: PostgresClient): Connection {
  return {
    begin: ['BEGIN ISOLATION LEVEL READ COMMITTED'],
    commit: 'COMMIT',
    rollback: 'ROLLBACK',
    query: async (sql, parameters) => {
      const { rows, rowCount } = await client.query(sql, parameters);
      return { rows: rows as Answer['rows'], affected: rowCount ?? 0 };
    },
    isOpen,
    release: () => release(),
    destroy: () => release(new Error('It is not clear whether its transaction has ended.')),
  };
}
