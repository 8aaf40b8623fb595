import type { Row } from './storage.js';

/** The SELECT of a column's different values, one step of the index for each. Its parameter is the limit. */
export function distinctQuery(table: string, column: string): string {
  return (
    `WITH RECURSIVE step (found) AS (SELECT MIN(${column}) FROM ${table} UNION ALL ` +
    `SELECT (SELECT MIN(${column}) FROM ${table} WHERE ${column} > step.found) FROM step WHERE step.found IS NOT NULL) ` +
    'SELECT found FROM step WHERE found IS NOT NULL LIMIT ?'
  );
}

export function foundOf(rows: readonly Row[]): string[] {
  return rows.map((row) => row['found'] as string);
}
