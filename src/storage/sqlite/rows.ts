import type Database from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import type { Key } from '../bytes.js';
import { keysOf, secondQuery } from '../second-table.js';
import type { GroupedRows, GroupedTable, InsertedThenFound, Row, RowChange } from '../storage.js';
import { prepared } from './prepared.js';
import { inOneGo, sharedConnection } from './shared-connection.js';

/**
 * In SQLite, a statement for each row costs next to nothing. The commit is expensive, and a group needs only one. It
 * runs in one go, since all requests share the connection.
 */
export class SqliteRows implements GroupedRows {
  private readonly database: Database.Database;
  private readonly insertion: string;

  constructor(
    private readonly dataSource: DataSource,
    private readonly table: GroupedTable,
  ) {
    this.database = sharedConnection(dataSource);
    const { name, columns, unique } = table;
    this.insertion =
      `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ` +
      `ON CONFLICT (${unique}) DO NOTHING`;
  }

  insert(rows: readonly (readonly unknown[])[]): Promise<boolean[]> {
    return inOneGo(this.database, () => this.insertAll(rows));
  }

  /** In the same transaction: SQLite has only one writer at a time, so what is not there is not on its way either. */
  insertThenFind(rows: readonly (readonly unknown[])[], keys: readonly Key[]): Promise<InsertedThenFound> {
    const sql = secondQuery(this.table, '= ?');
    return inOneGo(this.database, () => ({
      written: this.insertAll(rows),
      found: keysOf(keys.flatMap((key) => this.prepared(sql, [key]).all(key) as Row[])),
    }));
  }

  change(changes: readonly RowChange[]): Promise<boolean[]> {
    return inOneGo(this.database, () => changes.map((change) => this.changeOne(change)));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what SQLite throws is to reject the promise
  async find(keys: readonly Key[]): Promise<Row[]> {
    const { name, columns, unique } = this.table;
    const statement = this.prepared(`SELECT ${columns.join(', ')} FROM ${name} WHERE ${unique} = ?`, keys);
    return keys.map((key) => statement.get(key) as Row | undefined).filter((row) => row !== undefined);
  }

  private insertAll(rows: readonly (readonly unknown[])[]): boolean[] {
    return rows.map((row) => this.run(this.insertion, row));
  }

  private changeOne({ key, from, values }: RowChange): boolean {
    const { name, columns, state } = this.table;
    const columnsSet = Object.keys(values).map((column) => `${column} = ?`);
    const sql =
      `UPDATE ${name} SET ${columnsSet.join(', ')} ` +
      `WHERE ${columns[0]} = ? AND ${state} IN (${from.map(() => '?').join(', ')})`;
    return this.run(sql, [...Object.values(values), key, ...from]);
  }

  private run(sql: string, parameters: readonly unknown[]): boolean {
    return this.prepared(sql, parameters).run(...parameters).changes === 1;
  }

  private prepared(sql: string, parameters: readonly unknown[]): Database.Statement<unknown[]> {
    this.dataSource.logger.logQuery(sql, [...parameters]);
    return prepared(this.database, sql);
  }
}
