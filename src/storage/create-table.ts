import { type QueryRunner, Table, type TableColumnOptions, type TableIndexOptions } from 'typeorm';
import { kindOf } from './storage-of.js';

/**
 * Makes a table that looks the same in every database. In MariaDB and MySQL all texts get a binary collation, since
 * their defaults take `Tag` and `tag` for the same. TypeORM does not count collations as drift.
 */
export async function createTable(
  runner: QueryRunner,
  name: string,
  columns: TableColumnOptions[],
  indices: TableIndexOptions[] = [],
): Promise<void> {
  const hasCollations = kindOf(runner.dataSource)?.hasCollations ?? false;
  const plain = columns.map(({ charset: _, collation: __, ...column }) => column);
  await runner.createTable(new Table({ name, columns: hasCollations ? columns : plain, indices }));
}

/** An integer under the name that the database gives it. */
export function integer(runner: QueryRunner, name: string, options: Partial<TableColumnOptions> = {}) {
  return { name, type: runner.dataSource.driver.normalizeType({ type: 'int' }), ...options };
}

/**
 * A short text in ASCII: a byte a character keeps the keys short. Only for what this program makes itself; MariaDB
 * refuses to compare it with anything else, such as an id that a user made up.
 */
export const ascii = (name: string, length: number, options: Partial<TableColumnOptions> = {}) => ({
  name,
  type: 'varchar',
  length: String(length),
  charset: 'ascii',
  collation: 'ascii_bin',
  ...options,
});

/** A short text in any language, and every id that a user may ask for. */
export const varchar = (name: string, length: number, options: Partial<TableColumnOptions> = {}) => ({
  name,
  type: 'varchar',
  length: String(length),
  charset: 'utf8mb4',
  collation: 'utf8mb4_bin',
  ...options,
});

/** A text in any language, up to 64 KiB. */
export const text = (name: string, options: Partial<TableColumnOptions> = {}) => ({
  name,
  type: 'text',
  charset: 'utf8mb4',
  collation: 'utf8mb4_bin',
  ...options,
});

/** Times in epoch milliseconds. */
export const bigint = (name: string, options: Partial<TableColumnOptions> = {}) => ({
  name,
  type: 'bigint',
  ...options,
});

export const nullable = { isNullable: true };
