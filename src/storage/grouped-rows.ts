import type { DataSource } from 'typeorm';
import { UnusableDatabaseError } from './database.errors.js';
import { MariadbRows } from './grouped-rows.mariadb.js';
import { MysqlRows } from './grouped-rows.mysql.js';
import { PostgresRows } from './grouped-rows.postgres.js';
import { SqliteRows } from './grouped-rows.sqlite.js';

/** A table whose rows have a state, and of which at most one may have a certain text. */
export interface GroupedTable {
  /** As SQL takes it. */
  name: string;
  /** All columns; the first one is the primary key. */
  columns: readonly string[];
  /** The columns' types, for a database that takes the values of a list for texts unless told. */
  types: ReadonlyMap<string, string>;
  /** Column with a unique index, NULL for rows that may be there many times. */
  unique: string;
  /** Column that says which changes of a row are allowed. */
  state: string;
}

/** A change of one row, made only when its state is one of some. */
export interface RowChange {
  key: string;
  from: readonly string[];
  /** The new values by their columns. */
  values: Readonly<Record<string, unknown>>;
}

/** A row as the driver gives it, by its columns. */
export type Row = Record<string, unknown>;

/**
 * Writes several rows at once, and tells exactly what became of each. All SQL is by hand, one file for each database:
 * this is what every request goes through twice.
 *
 * A group is committed when its promise is fulfilled. When it is rejected nothing was written, unless the connection
 * was lost, when nobody knows.
 */
export interface GroupedRows {
  /**
   * Writes new rows.
   *
   * @param rows values in the order of the table's columns, as the driver takes them
   * @returns for each row whether it was written; false: its unique text is taken, by an earlier row of the group too
   */
  insert(rows: readonly (readonly unknown[])[]): Promise<boolean[]>;

  /**
   * Changes rows, each at most once in a group.
   *
   * @returns for each change whether it was made; false: the row is in another state, or is not there
   */
  update(changes: readonly RowChange[]): Promise<boolean[]>;

  /** The rows that have one of some unique texts, in any order. */
  find(texts: readonly string[]): Promise<Row[]>;
}

/**
 * The way of writing groups that a database knows.
 *
 * @throws UnusableDatabaseError for a database that none of them is for
 */
export function groupedRows(dataSource: DataSource, table: GroupedTable): GroupedRows {
  switch (dataSource.options.type) {
    case 'better-sqlite3':
      return new SqliteRows(dataSource, table);
    case 'mariadb':
      return new MariadbRows(dataSource, table);
    case 'postgres':
      return new PostgresRows(dataSource, table);
    case 'mysql':
      return new MysqlRows(dataSource, table);
    default:
      throw new UnusableDatabaseError(
        `Tasks cannot be kept in a data source of the type ${dataSource.options.type}: ` +
          'it must be better-sqlite3, mariadb, mysql or postgres.',
      );
  }
}
