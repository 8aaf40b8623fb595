import type { Key } from './bytes.js';
import type { GroupedTable, Row } from './storage.js';

/**
 * The SELECT of the keys that are in a table's second table.
 *
 * @param anyOf the condition for the keys, such as `IN (?)`
 */
export function secondQuery({ second }: GroupedTable, anyOf: string): string {
  if (second === undefined) throw new Error('There is no second table to look in.');
  return `SELECT ${second.key} AS found FROM ${second.name} WHERE ${second.key} ${anyOf} AND ${second.only}`;
}

/** The keys in its rows. */
export function keysOf(rows: readonly Row[]): Key[] {
  return rows.map((row) => row['found'] as Key);
}
