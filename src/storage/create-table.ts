import { type QueryRunner, Table, type TableColumnOptions, type TableIndexOptions } from 'typeorm';
import type { Width } from './byte-columns.js';
import { kindOf } from './storage-of.js';

/** An index, and which of its columns is searched by prefixes. */
export type TableIndex = TableIndexOptions & { columnNames: string[]; prefixes?: string };

/**
 * Creates a table that looks the same in every database. In MariaDB and MySQL all texts get a binary collation, since
 * their defaults treat `Tag` and `tag` as equal. TypeORM counts neither that nor how an index is ordered as drift; a
 * collation of PostgreSQL's it does.
 */
export async function createTable(
  runner: QueryRunner,
  name: string,
  columns: TableColumnOptions[],
  indices: TableIndex[] = [],
): Promise<void> {
  const { hasCollations = false, byBytes } = kindOf(runner.dataSource) ?? {};
  const plain = columns.map(({ charset: _, collation: __, ...column }) => column);
  const isByBytes = ({ prefixes }: TableIndex) => prefixes !== undefined && byBytes !== undefined;
  const usual = indices.filter((index) => !isByBytes(index)).map(({ prefixes: _, ...index }) => index);
  await runner.createTable(new Table({ name, columns: hasCollations ? columns : plain, indices: usual }));
  const { driver } = runner.dataSource;
  for (const { name: index = '', columnNames, prefixes, where } of indices.filter(isByBytes)) {
    const by = columnNames.map((column) =>
      column === prefixes ? `${driver.escape(column)} ${byBytes ?? ''}` : driver.escape(column),
    );
    const table = name
      .split('.')
      .map((part) => driver.escape(part))
      .join('.');
    await runner.query(
      `CREATE INDEX ${driver.escape(index)} ON ${table} (${by.join(', ')})${where === undefined ? '' : ` WHERE ${where}`}`,
    );
  }
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

/** The width of a uuid. */
export const UUID: Width = { bytes: 16, isFixed: true };

/** The width of a hash. */
export const SHA256: Width = { bytes: 32, isFixed: true };

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
