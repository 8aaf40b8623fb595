import type { DataSource } from 'typeorm';
import { mysqlTransaction } from './mysql/transaction.js';
import { postgresQuery } from './postgres/query.js';
import { storageOf } from './storage-of.js';
import type { Query } from './transaction.js';

/** Rows of a table that somebody works on, and until when they are not due. */
export interface HeldRows {
  table: string;
  key: string;
  keys: string[];
  /** Column with the time in epoch milliseconds. */
  due: string;
  until: number;
  /** Column that says what may be held, and its value. */
  state: { column: string; value: string };
}

/**
 * Moves the time of rows ahead that are in a state. A row that a transaction has locked is passed by: it must not hold
 * up the others, and nobody else can claim it meanwhile.
 */
export async function extendDue(dataSource: DataSource, rows: HeldRows): Promise<void> {
  const { table, key, keys, due, until, state } = rows;
  switch (dataSource.options.type) {
    case 'better-sqlite3': {
      const sql =
        `UPDATE ${table} SET ${due} = ? ` +
        `WHERE ${key} IN (${keys.map(() => '?').join(', ')}) AND ${state.column} = ?`;
      await storageOf(dataSource).commit([{ sql, parameters: [until, ...keys, state.value] }]);
      return;
    }
    case 'postgres':
      await postgresQuery(
        dataSource,
        `UPDATE ${table} SET ${due} = $1 WHERE ${key} IN
           (SELECT ${key} FROM ${table} WHERE ${key} = ANY($2) AND ${state.column} = $3 FOR UPDATE SKIP LOCKED)`,
        [until, keys, state.value],
      );
      return;
    default:
      await mysqlTransaction(dataSource, (query) => extendWithLocks(query, rows));
  }
}

async function extendWithLocks(query: Query, rows: HeldRows): Promise<void> {
  const { table, key, keys, due, until, state } = rows;
  const { rows: found } = await query(
    `SELECT ${key} FROM ${table} WHERE ${key} IN (?) AND ${state.column} = ? FOR UPDATE SKIP LOCKED`,
    [keys, state.value],
  );
  if (found.length === 0) return;
  await query(`UPDATE ${table} SET ${due} = ? WHERE ${key} IN (?)`, [until, found.map((row) => row[key])]);
}
