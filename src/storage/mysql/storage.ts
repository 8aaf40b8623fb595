import type { DataSource } from 'typeorm';
import { additionOf, type Counts, type Keys, missingOf } from '../add-up.js';
import type { Key } from '../bytes.js';
import { foundOf } from '../distinct.js';
import { furtherCondition } from '../due-rows.js';
import { retryDeadlocks } from '../retry-deadlocks.js';
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
import type { Query } from '../transaction.js';
import { MANY } from '../width.js';
import { checkConnections } from './check.js';
import { MYSQL_ERRORS } from './errors.js';
import { openOwnMysql } from './own-connections.js';
import { mysqlQuery } from './query.js';
import { MysqlRows } from './rows.js';
import { commitAllOrNone, mysqlTransaction } from './transaction.js';

/** MySQL, and what it shares with MariaDB. */
export class MysqlStorage implements Storage {
  constructor(protected readonly dataSource: DataSource) {}

  rows(table: GroupedTable): GroupedRows {
    return new MysqlRows(this.dataSource, table);
  }

  claim(rows: DueRows): Promise<Key[]> {
    return mysqlTransaction(this.dataSource, (query) => claimWithLocks(query, rows));
  }

  select({ sql, parameters }: Statement): Promise<Row[]> {
    return mysqlQuery(this.dataSource, sql, parameters);
  }

  /** It skips from one value to the next by itself. */
  async distinct(table: string, column: string, limit: number): Promise<Key[]> {
    const sql = `SELECT DISTINCT ${column} AS found FROM ${table} LIMIT ?`;
    return foundOf(await this.select({ sql, parameters: [limit] }));
  }

  /** In the column's own character set and collation: otherwise its index would not be used. */
  fromList(columns: readonly ListColumn[]): string {
    const texts = columns.map(({ like, length }, n) => {
      const charset = like === 'varchar' ? 'utf8mb4' : 'ascii';
      const width = like === 'bytes' ? 2 * length : length;
      return `t${n} VARCHAR(${width}) CHARACTER SET ${charset} COLLATE ${charset}_bin PATH '$[${n}]'`;
    });
    const values = columns.map(({ like }, n) => `${like === 'bytes' ? `UNHEX(t${n})` : `t${n}`} AS v${n}`);
    const table = `JSON_TABLE(?, '$[*]' COLUMNS (n FOR ORDINALITY, ${texts.join(', ')}))`;
    return `(SELECT n, ${values.join(', ')} FROM ${table} texts)`;
  }

  /** Before a table has statistics, or when they are old, it would read all tasks of a project for each tag. */
  byIndex(index: string): string {
    return ` FORCE INDEX (${this.dataSource.driver.escape(index)})`;
  }

  inOrderOf(): string {
    return '';
  }

  commit(statements: readonly Statement[]): Promise<boolean> {
    return commitAllOrNone(this.dataSource, statements);
  }

  addUp(counts: Counts): Promise<void> {
    return this.write(additionOf(counts, 'mysql'));
  }

  addMissing(keys: Keys): Promise<void> {
    return this.write(missingOf(keys, 'mysql'));
  }

  private async write({ sql, parameters }: Statement): Promise<void> {
    await retryDeadlocks(MYSQL_ERRORS.isDeadlock, () => mysqlQuery(this.dataSource, sql, parameters));
  }

  check(): Promise<void> {
    return checkConnections(this.dataSource);
  }
}

/** SKIP LOCKED: rows that another process is claiming at this moment are skipped, not waited for. */
async function claimWithLocks(query: Query, rows: DueRows): Promise<Key[]> {
  const { table, key, due, now, until, limit } = rows;
  const { rows: found } = await query(
    `SELECT ${key} FROM ${table} WHERE ${due} <= ?${furtherCondition(rows, 'IN (?)')} ` +
      `ORDER BY ${due} LIMIT ? FOR UPDATE SKIP LOCKED`,
    [now, ...(rows.keys === undefined ? [] : [rows.keys]), limit],
  );
  const keys = found.map((row) => row[key] as Key);
  if (keys.length > 0) await query(`UPDATE ${table} SET ${due} = ? WHERE ${key} IN (?)`, [until, keys]);
  return keys;
}

/** MySQL 8.0 or newer. */
export const MYSQL: StorageKind = {
  errors: MYSQL_ERRORS,
  hasCollations: true,
  bytes: (width) =>
    width === MANY
      ? { type: 'blob' }
      : { type: width.isFixed ? 'binary' : 'varbinary', length: String(width.bytes) },
  choice: (texts) => ({ type: 'enum', choices: [...texts] }),
  sharesConnection: false,
  open: (dataSource) => new MysqlStorage(dataSource),
  openOwn: openOwnMysql,
};
