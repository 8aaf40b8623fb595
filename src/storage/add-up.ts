import { type Key, keyText } from './bytes.js';
import type { Statement } from './statement.js';

/** What is added to the counts of some rows. */
export interface Counts {
  /** The name for SQL. */
  table: string;
  /** Column with the primary key. */
  key: string;
  /** Columns to which is added. */
  counts: readonly string[];
  /** Column with a time, of which the latest stays. */
  latest: string;
  /** The key, the additions in the order of the columns, and the time. */
  rows: readonly (readonly (Key | number)[])[];
}

/** Rows that consist of their keys. */
export interface Keys {
  /** The name for SQL. */
  table: string;
  /** The columns of the primary key. */
  keys: readonly string[];
  rows: readonly (readonly Key[])[];
}

/** The statement that adds to counts, with a `?` for each parameter. The rows are in the order of their keys, for locks. */
export function additionOf(counts: Counts, dialect: 'mysql' | 'standard'): Statement {
  const { table, key, counts: columns, latest } = counts;
  const all = [key, ...columns, latest];
  const { into, parameters } = valuesOf(all, counts.rows);
  const sql =
    dialect === 'mysql'
      ? `INSERT INTO ${table} ${into} ON DUPLICATE KEY UPDATE ` +
        `${columns.map((column) => `${column} = ${column} + VALUES(${column})`).join(', ')}, ` +
        `${latest} = GREATEST(${latest}, VALUES(${latest}))`
      : `INSERT INTO ${table} AS old ${into} ON CONFLICT (${key}) DO UPDATE SET ` +
        `${columns.map((column) => `${column} = old.${column} + excluded.${column}`).join(', ')}, ` +
        `${latest} = CASE WHEN excluded.${latest} > old.${latest} THEN excluded.${latest} ELSE old.${latest} END`;
  return { sql, parameters };
}

/** The statement that writes missing rows, with a `?` for each parameter. */
export function missingOf({ table, keys, rows }: Keys, dialect: 'mysql' | 'standard'): Statement {
  const { into, parameters } = valuesOf(keys, rows);
  const [first] = keys;
  const there =
    dialect === 'mysql' ? `ON DUPLICATE KEY UPDATE ${first} = ${first}` : 'ON CONFLICT DO NOTHING';
  return { sql: `INSERT INTO ${table} ${into} ${there}`, parameters };
}

function valuesOf(columns: readonly string[], rows: Counts['rows']): { into: string; parameters: unknown[] } {
  const sorted = [...rows].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const places = `(${columns.map(() => '?').join(', ')})`;
  return {
    into: `(${columns.join(', ')}) VALUES ${sorted.map(() => places).join(', ')}`,
    parameters: sorted.flat(),
  };
}

function keyOf(row: Counts['rows'][number]): string {
  return row.map((value) => (typeof value === 'number' ? '' : keyText(value))).join();
}
