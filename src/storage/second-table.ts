import type { GroupedTable, Row } from './storage.js';

/**
 * The SELECT of the texts that are in a table's second table.
 *
 * @param anyOf the condition for the texts, such as `IN (?)`
 */
export function secondQuery({ second }: GroupedTable, anyOf: string): string {
  if (second === undefined) throw new Error('There is no second table to look in.');
  return `SELECT ${second.text} AS found FROM ${second.name} WHERE ${second.text} ${anyOf} AND ${second.only}`;
}

/** The texts in its rows. */
export function textsOf(rows: readonly Row[]): string[] {
  return rows.map((row) => row['found'] as string);
}
