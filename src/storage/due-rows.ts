import type { DueRows } from './storage.js';

/**
 * The conditions for claiming a row besides being due, as SQL that follows another condition.
 *
 * @param anyOf the condition for its key, if only some count, such as `IN (?)`
 */
export function furtherCondition({ key, due, since, keys, only }: DueRows, anyOf: string): string {
  const range = since === undefined ? '' : ` AND ${due} >= ${Math.floor(since)}`;
  const some = keys === undefined ? '' : ` AND ${key} ${anyOf}`;
  return only === undefined ? range + some : `${range}${some} AND (${only})`;
}
