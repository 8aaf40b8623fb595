import type { ColumnType, DataSource, DataSourceOptions } from 'typeorm';
import type { Counts, Keys } from './add-up.js';
import type { Key } from './bytes.js';
import type { DriverErrors } from './driver-error.js';
import type { Statement } from './statement.js';
import type { Width } from './width.js';

/**
 * The operations that each database does in its own way. A folder implements them for each database, and
 * `storage-of.ts` lists the folders; the tests in `test/recorder/storage.e2e-spec.ts` run on all of them.
 */
export interface Storage {
  /** Writes and finds the rows of a table in groups. Keep the result: its preparations are made once. */
  rows(table: GroupedTable): GroupedRows;

  /**
   * Claims rows whose time has come, by moving their time ahead. Each row goes to one caller only, even with several
   * processes on one database; the claim of a dead holder ends by itself.
   *
   * @returns the keys of the claimed rows
   */
  claim(rows: DueRows): Promise<Key[]>;

  /**
   * The rows of a SELECT, as the driver returns them. It bypasses TypeORM's builder, which takes several times as long
   * as the database.
   *
   * @param statement its text is the same in every database; each parameter is one `?`
   * @throws the driver's error
   */
  select(statement: Statement): Promise<Row[]>;

  /** The different values of a column with which an index begins: it reads one row for each, not all of them. */
  distinct(table: string, column: string, limit: number): Promise<Key[]>;

  /**
   * SQL for the FROM of a SELECT: a table whose rows come from one parameter, so that one statement can ask about any
   * number of things, each by its index. The parameter is a JSON list, each row of it a list of texts or nulls; bytes are in
   * hexadecimal there. The columns are `n`, the row's place in the list from 1 on, and `v0`, `v1`, … for the values.
   *
   * @param columns what each value is compared with
   */
  fromList(columns: readonly ListColumn[]): string;

  /**
   * SQL after a table's alias in FROM, so that it is read by one of its indexes. A database that always takes the index
   * with the most of the wanted columns needs none.
   */
  byIndex(index: string): string;

  /**
   * SQL after the WHERE of a SELECT with a LIMIT, so that it reads an index with these columns, and no more of it than it
   * needs. A database that `byIndex` tells, or that always does, needs none.
   */
  inOrderOf(columns: readonly string[]): string;

  /**
   * Commits all of the statements or none of them.
   *
   * @param statements with parameters in the database's own style, as TypeORM's builders write them
   * @returns false when another process was faster: a statement did not change the required number of rows. Read again,
   *   and decide again.
   * @throws the driver's error when a statement fails; nothing is written then, unless the connection was lost
   */
  commit(statements: readonly Statement[]): Promise<boolean>;

  /**
   * Adds to the counts of rows, and makes those that are missing: several processes on one database add up.
   *
   * @param counts each key at most once
   */
  addUp(counts: Counts): Promise<void>;

  /** Writes rows whose keys are all that they have; those that are there already stay. */
  addMissing(keys: Keys): Promise<void>;

  /**
   * Checks that the connections of the data source, whoever made it, store exactly what is written over them, and makes
   * sure that it is visible at every node of a cluster.
   *
   * @throws UnusableDatabaseError when it is not
   */
  check(): Promise<void>;
}

/** A kind of database: what is known about it without a connection. */
export interface StorageKind {
  /** The meaning of its errors. */
  errors: DriverErrors;
  /** Whether a column has a character set and a collation of its own, which decide which texts are equal. */
  hasCollations: boolean;
  /** The type of a column of bytes. */
  bytes: (width: Width) => DatabaseType;
  /** The type of a column that has one of some texts, each up to so many characters. */
  choice: (texts: readonly string[], length: number) => DatabaseType;
  /** Whether the whole application shares one connection. */
  sharesConnection: boolean;
  /** The storage behind a data source of this kind. */
  open(dataSource: DataSource): Storage;
  /**
   * Opens a data source for the same database as a host's. It keeps the settings for reaching the database. All other
   * settings of the host are left out, since they may change the meaning of a statement: how values come back, what is
   * read from a cache, what happens before and after a write, and how long it may take.
   *
   * @param connections the most connections that are open at a time
   * @throws the driver's error when the database cannot be reached
   */
  openOwn(host: DataSource, tables: OwnTables, connections: number): Promise<DataSource>;
}

/** The type of a column, by the database's own name for it. */
export interface DatabaseType {
  type: ColumnType;
  length?: string;
  /** The texts that it may have, for a type that lists them. */
  choices?: string[];
}

/** The options for a data source's tables, and for the logging of its statements. */
export type OwnTables = Pick<DataSourceOptions, 'entities' | 'namingStrategy' | 'entityPrefix' | 'logger'>;

/**
 * Writes several rows at once, and reports for each whether it was written. All SQL is hand-written: every request goes
 * through this twice.
 *
 * A group is committed when its promise is fulfilled. If it rejects, nothing was written; only after a lost connection
 * is that unknown.
 */
export interface GroupedRows {
  /**
   * Writes new rows.
   *
   * @param rows values in the order of the table's columns, as the driver accepts them
   * @returns for each row whether it was written; false: its unique key is taken, perhaps by an earlier row of the
   *   group
   */
  insert(rows: readonly (readonly unknown[])[]): Promise<boolean[]>;

  /**
   * Writes new rows, and looks up keys in the second table once they are committed. So of two processes, of which one
   * writes a row and then looks, and the other writes such a key and then looks for rows, at least one sees the other.
   *
   * @param keys at least one
   */
  insertThenFind(rows: readonly (readonly unknown[])[], keys: readonly Key[]): Promise<InsertedThenFound>;

  /**
   * Changes rows, each at most once in a group.
   *
   * @returns for each change whether it was made; false: the row is in another state, or does not exist
   */
  change(changes: readonly RowChange[]): Promise<boolean[]>;

  /** The rows that have one of some unique keys, in any order. */
  find(keys: readonly Key[]): Promise<Row[]>;
}

/** A table whose rows have a state. At most one row may have the same unique key. */
export interface GroupedTable {
  /** The name for SQL. */
  name: string;
  /** All columns; the first one is the primary key. */
  columns: readonly string[];
  /** The columns' types, for a database that treats the values of a list as texts by default. */
  types: ReadonlyMap<string, string>;
  /** Column with a unique index; NULL for rows that may be repeated. */
  unique: string;
  /** Column that decides which changes of a row are allowed. */
  state: string;
  /** The table in which `insertThenFind` looks. @default none */
  second?: SecondTable;
}

/** New rows, and what was found in the second table after them. */
export interface InsertedThenFound {
  /** For each row whether it was written, as by `insert`. */
  written: boolean[];
  /** Those of the keys that are in the second table. */
  found: Key[];
}

/** A table in which keys are looked up. */
export interface SecondTable {
  /** The name for SQL. */
  name: string;
  /** Column with an index. */
  key: string;
  /** A further condition, as SQL that is the same in every database. */
  only: string;
}

/** A change of one row, made only if the row is in one of some states. */
export interface RowChange {
  key: Key;
  from: readonly string[];
  /** The new values by their columns. */
  values: Readonly<Record<string, unknown>>;
}

/** A column of a list, as wide and of the kind of the column that it is compared with; see `create-table.ts`. */
export interface ListColumn {
  like: 'ascii' | 'varchar' | 'bytes';
  length: number;
}

/** A row as the driver returns it, by its columns. */
export type Row = Record<string, unknown>;

/** Rows of a table that wait for a time, and how long a claim on one lasts. */
export interface DueRows {
  table: string;
  key: string;
  /** Column with the time in epoch milliseconds; NULL: the row waits for nothing. */
  due: string;
  /** Rows that were already due before this are left alone, in epoch milliseconds. @default all rows count */
  since?: number;
  now: number;
  /** Only some of these rows. @default all */
  keys?: readonly Key[];
  /** A further condition, as SQL that is the same in every database. @default none */
  only?: string;
  /** Until when no other process may claim these rows, in epoch milliseconds. */
  until: number;
  limit: number;
}
