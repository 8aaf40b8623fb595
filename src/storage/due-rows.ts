import type { DueRows } from './storage.js';

/** The conditions for claiming a row besides being due, as SQL that follows another condition. */
export function furtherCondition({ due, since, only }: DueRows): string {
  const range = since === undefined ? '' : ` AND ${due} >= ${Math.floor(since)}`;
  return only === undefined ? range : `${range} AND (${only})`;
}
