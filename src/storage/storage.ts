import type { DataSource, DataSourceOptions } from 'typeorm';
import type { DriverErrors } from './driver-error.js';
import type { Statement } from './statement.js';

/**
 * What each database does in its own way. A folder implements it for each, and `storage-of.ts` lists them; the tests in
 * `test/recorder/storage.e2e-spec.ts` hold all of them to it.
 */
export interface Storage {
  /** Writes and finds the rows of a table in groups. To be kept: what it prepares is prepared once. */
  rows(table: GroupedTable): GroupedRows;

  /**
   * Claims rows whose time has come, by moving their time ahead. Each row goes to one caller only, also with several
   * processes on one database; a claim whose holder died ends by itself.
   *
   * @returns the keys of the claimed rows
   */
  claim(rows: DueRows): Promise<string[]>;

  /**
   * The rows of a SELECT, as the driver gives them. Without TypeORM's builder, which takes several times as long for one
   * as the database does.
   *
   * @param statement the same text in every database, each parameter one `?`
   * @throws the driver's error
   */
  select(statement: Statement): Promise<Row[]>;

  /**
   * Commits all of the statements or none of them.
   *
   * @param statements with parameters in the database's own style, as TypeORM's builders write them
   * @returns false when somebody was faster: a statement did not change the rows that it must change. Read again, and
   *   decide again.
   * @throws the driver's error when a statement fails; nothing is written then, unless the connection was lost
   */
  commit(statements: readonly Statement[]): Promise<boolean>;

  /**
   * Asks the connections of the data source, whoever has made it, whether what is written over them is what is there
   * afterwards, and sees to it that it is at every node of a cluster.
   *
   * @throws UnusableDatabaseError when it is not
   */
  check(): Promise<void>;

  /**
   * Asks whether the database tells all texts of a column apart. A table that is not there yet passes.
   *
   * @throws UnusableDatabaseError when it does not
   */
  checkColumn(place: ColumnPlace): Promise<void>;
}

/** A kind of database, by what is known of it without a connection. */
export interface StorageKind {
  /** Its errors' meaning. */
  errors: DriverErrors;
  /** Whether a column has a character set and a collation of its own, which decide what texts are the same. */
  hasCollations: boolean;
  /** Whether an application has one connection only, which all of it share. */
  sharesConnection: boolean;
  /** The storage behind a data source of this kind. */
  open(dataSource: DataSource): Storage;
  /**
   * Opens a data source for the same database as a host's. It keeps how to reach the database; what else a host sets is
   * left out, since it may change what a statement means: how values come back, what is read from a cache, what happens
   * before and after a write, and how long it may take.
   *
   * @param connections the most that are open at a time
   * @throws the driver's error when the database cannot be reached
   */
  openOwn(host: DataSource, tables: OwnTables, connections: number): Promise<DataSource>;
}

/** The options that say which tables a data source is for, and who is told of its statements. */
export type OwnTables = Pick<DataSourceOptions, 'entities' | 'namingStrategy' | 'entityPrefix' | 'logger'>;

/**
 * Writes several rows at once, and reports for each whether it was written. All SQL is by hand: every request goes
 * through this twice.
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
  change(changes: readonly RowChange[]): Promise<boolean[]>;

  /** The rows that have one of some unique texts, in any order. */
  find(texts: readonly string[]): Promise<Row[]>;
}

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

/** Rows of a table that wait for a time to come, and how long a claim on one lasts. */
export interface DueRows {
  table: string;
  key: string;
  /** Column with the time in epoch milliseconds; NULL: waits for nothing. */
  due: string;
  /** Rows that have been due since before this are left alone, in epoch milliseconds. @default all are meant */
  since?: number;
  now: number;
  /** What else must hold of a row, as SQL that is the same in every database. @default nothing */
  only?: string;
  /** Until when the claimed rows are nobody else's, in epoch milliseconds. */
  until: number;
  limit: number;
}

/** Where a column is. */
export interface ColumnPlace {
  /** @default the connection's */
  database?: string | undefined;
  table: string;
  column: string;
}
