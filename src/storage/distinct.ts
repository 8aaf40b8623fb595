import type { Key } from './bytes.js';
import type { Row } from './storage.js';

/**
 * The SELECT of a column's different values, one step of the index for each. Its parameter is the limit. Not MIN, which
 * older versions of PostgreSQL do not know for bytes.
 */
export function distinctQuery(table: string, column: string): string {
  const first = (where: string) => `SELECT ${column} FROM ${table}${where} ORDER BY ${column} LIMIT 1`;
  return (
    `WITH RECURSIVE step (found) AS (SELECT (${first('')}) UNION ALL ` +
    `SELECT (${first(` WHERE ${column} > step.found`)}) FROM step WHERE step.found IS NOT NULL) ` +
    'SELECT found FROM step WHERE found IS NOT NULL LIMIT ?'
  );
}

export function foundOf(rows: readonly Row[]): Key[] {
  return rows.map((row) => row['found'] as Key);
}
