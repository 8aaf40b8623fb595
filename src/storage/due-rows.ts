import type { DueRows } from './storage.js';

/** What a row must be to be claimed, beside being due, as SQL that follows another condition. */
export function furtherCondition({ due, since, only }: DueRows): string {
  const range = since === undefined ? '' : ` AND ${due} >= ${Math.floor(since)}`;
  return only === undefined ? range : `${range} AND (${only})`;
}
