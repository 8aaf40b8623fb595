import type { DataSource } from 'typeorm';
import { retryDeadlocks } from './driver-errors.js';
import { postgresQuery } from './postgres-query.js';
import { type Query, transaction } from './transaction.js';

/** Rows of a table that wait for a time to come, and how long a claim on one lasts. */
export interface DueRows {
  table: string;
  key: string;
  /** Column with the time in epoch milliseconds; NULL: waits for nothing. */
  due: string;
  /** Rows that have been due since before this are left alone, in epoch milliseconds. @default all are meant */
  since?: number;
  now: number;
  /** What else must hold of a row, as SQL that is the same in every database. @default nothing */
  only?: string;
  /** Until when the claimed rows are nobody else's, in epoch milliseconds. */
  until: number;
  limit: number;
}

/**
 * Claims rows whose time has come, by moving their time ahead. Each row goes to one caller only, also with several
 * processes on one database; a claim whose holder died ends by itself.
 *
 * @returns the keys of the claimed rows
 */
export async function claimDue(dataSource: DataSource, rows: DueRows): Promise<string[]> {
  switch (dataSource.options.type) {
    case 'better-sqlite3':
      return claimInOneStatement(dataSource, rows);
    case 'postgres':
      return claimInPostgres(dataSource, rows);
    default:
      return retryDeadlocks(() => transaction(dataSource, (query) => claimWithLocks(query, rows)));
  }
}

async function claimInOneStatement(dataSource: DataSource, rows: DueRows): Promise<string[]> {
  const { table, key, due, now, until, limit } = rows;
  const claimed: Record<string, string>[] = await dataSource.query(
    `UPDATE ${table} SET ${due} = ? WHERE ${key} IN
       (SELECT ${key} FROM ${table} WHERE ${due} <= ?${further(rows)} ORDER BY ${due} LIMIT ?) RETURNING ${key}`,
    [until, now, limit],
  );
  return claimed.map((row) => row[key] as string);
}

async function claimInPostgres(dataSource: DataSource, rows: DueRows): Promise<string[]> {
  const { table, key, due, now, until, limit } = rows;
  const claimed = await postgresQuery<Record<string, string>>(
    dataSource,
    `UPDATE ${table} SET ${due} = $1 WHERE ${key} IN
       (SELECT ${key} FROM ${table} WHERE ${due} <= $2${further(rows)} ORDER BY ${due} LIMIT $3 FOR UPDATE SKIP LOCKED)
     RETURNING ${key}`,
    [until, now, limit],
  );
  return claimed.map((row) => row[key] as string);
}

/** SKIP LOCKED: rows that another process is claiming at this moment are passed by, not waited for. */
async function claimWithLocks(query: Query, rows: DueRows): Promise<string[]> {
  const { table, key, due, now, until, limit } = rows;
  const { rows: found } = await query(
    `SELECT ${key} FROM ${table} WHERE ${due} <= ?${further(rows)} ORDER BY ${due} LIMIT ? FOR UPDATE SKIP LOCKED`,
    [now, limit],
  );
  const keys = found.map((row) => row[key] as string);
  if (keys.length > 0) await query(`UPDATE ${table} SET ${due} = ? WHERE ${key} IN (?)`, [until, keys]);
  return keys;
}

function further({ due, since, only }: DueRows): string {
  const range = since === undefined ? '' : ` AND ${due} >= ${Math.floor(since)}`;
  return only === undefined ? range : `${range} AND (${only})`;
}
