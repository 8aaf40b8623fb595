import { type QueryRunner, Table, type TableColumnOptions, type TableIndexOptions } from 'typeorm';
import { kindOf } from './storage-of.js';
import type { Width } from './width.js';

/**
 * Creates a table that looks the same in every database. In MariaDB and MySQL all texts get a binary collation, since
 * their defaults treat `Tag` and `tag` as equal. TypeORM does not count that as drift.
 */
export async function createTable(
  runner: QueryRunner,
  name: string,
  columns: TableColumnOptions[],
  indices: TableIndexOptions[] = [],
): Promise<void> {
  const { hasCollations = false } = kindOf(runner.dataSource) ?? {};
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

/** Bytes, by the database's own type for them: compared as they are, and found by an index in their order. */
export function bytes(
  runner: QueryRunner,
  name: string,
  width: Width,
  options: Partial<TableColumnOptions> = {},
): TableColumnOptions {
  const { type = '', length } = kindOf(runner.dataSource)?.bytes(width) ?? {};
  return { name, type: type as string, ...(length !== undefined && { length }), ...options };
}

/** One of some texts, each up to so many characters, by the database's own type for them: a byte, if it has one. */
export function choice(
  runner: QueryRunner,
  name: string,
  texts: readonly string[],
  length: number,
): TableColumnOptions {
  const typeOf = kindOf(runner.dataSource)?.choice(texts, length);
  const { type = '', choices, length: width } = typeOf ?? {};
  return {
    name,
    type: type as string,
    ...(width !== undefined && { length: width }),
    ...(choices !== undefined && { enum: choices }),
  };
}

/** A short text in any language. */
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
