import type { DataSource } from 'typeorm';
import { additionOf, type Counts, type Keys, missingOf } from '../add-up.js';
import type { Key } from '../bytes.js';
import { distinctQuery, foundOf } from '../distinct.js';
import { furtherCondition } from '../due-rows.js';
import { allOrNothing, expectChanged } from '../must-change.js';
import type { Statement } from '../statement.js';
import type {
  DueRows,
  GroupedRows,
  GroupedTable,
  ListColumn,
  Row,
  Storage,
  StorageKind,
} from '../storage.js';
import { SQLITE_ERRORS } from './errors.js';
import { openOwnSqlite } from './own-connections.js';
import { prepared } from './prepared.js';
import { SqliteRows } from './rows.js';
import { inOneGo, sharedConnection } from './shared-connection.js';

/**
 * SQLite has one connection that all requests share, so a transaction with an `await` inside would include statements
 * of others. Here the statements run in one go, without giving up control.
 */
class SqliteStorage implements Storage {
  constructor(private readonly dataSource: DataSource) {}

  rows(table: GroupedTable): GroupedRows {
    return new SqliteRows(this.dataSource, table);
  }

  async claim(rows: DueRows): Promise<Key[]> {
    const { table, key, due, now, until, limit, keys = [] } = rows;
    const anyOf = `IN (${keys.map(() => '?').join(', ')})`;
    const claimed: Row[] = await this.dataSource.query(
      `UPDATE ${table} SET ${due} = ? WHERE ${key} IN ` +
        `(SELECT ${key} FROM ${table} WHERE ${due} <= ?${furtherCondition(rows, anyOf)} ORDER BY ${due} LIMIT ?) ` +
        `RETURNING ${key}`,
      [until, now, ...keys, limit],
    );
    return claimed.map((row) => row[key] as Key);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what SQLite throws is to reject the promise
  async select({ sql, parameters }: Statement): Promise<Row[]> {
    this.dataSource.logger.logQuery(sql, parameters);
    return prepared(sharedConnection(this.dataSource), sql).all(...parameters) as Row[];
  }

  addUp(counts: Counts): Promise<void> {
    return this.write(additionOf(counts, 'standard'));
  }

  addMissing(keys: Keys): Promise<void> {
    return this.write(missingOf(keys, 'standard'));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what SQLite throws is to reject the promise
  private async write({ sql, parameters }: Statement): Promise<void> {
    this.dataSource.logger.logQuery(sql, parameters);
    prepared(sharedConnection(this.dataSource), sql).run(...parameters);
  }

  async distinct(table: string, column: string, limit: number): Promise<Key[]> {
    return foundOf(await this.select({ sql: distinctQuery(table, column), parameters: [limit] }));
  }

  fromList(columns: readonly ListColumn[]): string {
    const values = columns.map(({ like }, n) => {
      const text = `value ->> ${n}`;
      return `${like === 'bytes' ? `unhex(${text})` : text} AS v${n}`;
    });
    return `(SELECT key + 1 AS n, ${values.join(', ')} FROM json_each(?))`;
  }

  byIndex(): string {
    return '';
  }

  inOrderOf(): string {
    return '';
  }

  commit(statements: readonly Statement[]): Promise<boolean> {
    const database = sharedConnection(this.dataSource);
    const run = () => {
      for (const one of statements)
        expectChanged(prepared(database, one.sql).run(...one.parameters).changes, one);
    };
    return allOrNothing(() => inOneGo(database, run));
  }

  /** Commits are in the file, and texts are stored unchanged. */
  check(): Promise<void> {
    return Promise.resolve();
  }
}

/** SQLite, by better-sqlite3. */
export const SQLITE: StorageKind = {
  errors: SQLITE_ERRORS,
  hasCollations: false,
  bytes: () => ({ type: 'blob' }),
  choice: (_, length) => ({ type: 'varchar', length: String(length) }),
  sharesConnection: true,
  open: (dataSource) => new SqliteStorage(dataSource),
  openOwn: openOwnSqlite,
};
