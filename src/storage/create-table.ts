import { type QueryRunner, Table, type TableColumnOptions, type TableIndexOptions } from 'typeorm';
import { kindOf } from './storage-of.js';

/**
 * Creates a table that looks the same in every database. In MariaDB and MySQL all texts get a binary collation, since
 * their defaults treat `Tag` and `tag` as equal. TypeORM does not count collations as drift.
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

/** An integer type, by the database's own name for it. */
export function integer(runner: QueryRunner, name: string, options: Partial<TableColumnOptions> = {}) {
  return { name, type: runner.dataSource.driver.normalizeType({ type: 'int' }), ...options };
}

/**
 * A short text in ASCII: one byte per character keeps the keys short. Only for texts that this program makes itself;
 * MariaDB refuses to compare it with any other text, such as an id that a user made up.
 */
export const ascii = (name: string, length: number, options: Partial<TableColumnOptions> = {}) => ({
  name,
  type: 'varchar',
  length: String(length),
  charset: 'ascii',
  collation: 'ascii_bin',
  ...options,
});

/** A short text in any language, and every id that a user may look up. */
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
