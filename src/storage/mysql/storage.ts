import type { DataSource } from 'typeorm';
import { furtherCondition } from '../due-rows.js';
import type { Statement } from '../statement.js';
import type {
  ColumnPlace,
  DueRows,
  GroupedRows,
  GroupedTable,
  ListColumn,
  Row,
  Storage,
  StorageKind,
} from '../storage.js';
import type { Query } from '../transaction.js';
import { checkCollation, checkConnections } from './check.js';
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

  claim(rows: DueRows): Promise<string[]> {
    return mysqlTransaction(this.dataSource, (query) => claimWithLocks(query, rows));
  }

  select({ sql, parameters }: Statement): Promise<Row[]> {
    return mysqlQuery(this.dataSource, sql, parameters);
  }

  /** In the column's own character set and collation: otherwise its index would not be used. */
  fromList(columns: readonly ListColumn[]): string {
    const values = columns.map(({ like, length }, n) => {
      const charset = like === 'ascii' ? 'ascii' : 'utf8mb4';
      return `v${n} VARCHAR(${length}) CHARACTER SET ${charset} COLLATE ${charset}_bin PATH '$[${n}]'`;
    });
    return `JSON_TABLE(?, '$[*]' COLUMNS (n FOR ORDINALITY, ${values.join(', ')}))`;
  }

  /** Before a table has statistics, or when they are old, it would read all tasks of a project for each tag. */
  byIndex(index: string): string {
    return ` FORCE INDEX (${this.dataSource.driver.escape(index)})`;
  }

  commit(statements: readonly Statement[]): Promise<boolean> {
    return commitAllOrNone(this.dataSource, statements);
  }

  check(): Promise<void> {
    return checkConnections(this.dataSource);
  }

  checkColumn(place: ColumnPlace): Promise<void> {
    return checkCollation(this.dataSource, place);
  }
}

/** SKIP LOCKED: rows that another process is claiming at this moment are skipped, not waited for. */
async function claimWithLocks(query: Query, rows: DueRows): Promise<string[]> {
  const { table, key, due, now, until, limit } = rows;
  const { rows: found } = await query(
    `SELECT ${key} FROM ${table} WHERE ${due} <= ?${furtherCondition(rows)} ` +
      `ORDER BY ${due} LIMIT ? FOR UPDATE SKIP LOCKED`,
    [now, limit],
  );
  const keys = found.map((row) => row[key] as string);
  if (keys.length > 0) await query(`UPDATE ${table} SET ${due} = ? WHERE ${key} IN (?)`, [until, keys]);
  return keys;
}

/** MySQL 8.0 or newer. */
export const MYSQL: StorageKind = {
  errors: MYSQL_ERRORS,
  hasCollations: true,
  sharesConnection: false,
  open: (dataSource) => new MysqlStorage(dataSource),
  openOwn: openOwnMysql,
};
