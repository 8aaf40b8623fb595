import type { DataSource } from 'typeorm';
import { furtherCondition } from '../due-rows.js';
import { allOrNothing, expectChanged } from '../must-change.js';
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
import { POSTGRES_ERRORS } from './errors.js';
import { openOwnPostgres } from './own-connections.js';
import { postgresQuery } from './query.js';
import { PostgresRows } from './rows.js';
import { postgresTransaction } from './transaction.js';

class PostgresStorage implements Storage {
  constructor(private readonly dataSource: DataSource) {}

  rows(table: GroupedTable): GroupedRows {
    return new PostgresRows(this.dataSource, table);
  }

  /** SKIP LOCKED: rows that another process is claiming at this moment are skipped, not waited for. */
  async claim(rows: DueRows): Promise<string[]> {
    const { table, key, due, now, until, limit } = rows;
    const claimed = await postgresQuery<Row>(
      this.dataSource,
      `UPDATE ${table} SET ${due} = $1 WHERE ${key} IN ` +
        `(SELECT ${key} FROM ${table} WHERE ${due} <= $2${furtherCondition(rows)} ` +
        `ORDER BY ${due} LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING ${key}`,
      [until, now, limit],
    );
    return claimed.map((row) => row[key] as string);
  }

  /** Parameters have numbers here. */
  select({ sql, parameters }: Statement): Promise<Row[]> {
    let n = 0;
    const numbered = sql.replaceAll('?', () => `$${(n += 1)}`);
    return postgresQuery(this.dataSource, numbered, parameters);
  }

  fromList(columns: readonly ListColumn[]): string {
    const values = columns.map((_, n) => `value ->> ${n} AS v${n}`);
    return `(SELECT place AS n, ${values.join(', ')} FROM jsonb_array_elements(?::jsonb) WITH ORDINALITY AS rows (value, place))`;
  }

  byIndex(): string {
    return '';
  }

  commit(statements: readonly Statement[]): Promise<boolean> {
    const run = () =>
      postgresTransaction(this.dataSource, async (query) => {
        for (const one of statements) expectChanged((await query(one.sql, one.parameters)).affected, one);
      });
    return allOrNothing(() => retryDeadlocks(POSTGRES_ERRORS.isDeadlock, run));
  }

  /** Each connection commits by itself, and every text stays as it is. */
  check(): Promise<void> {
    return Promise.resolve();
  }

  checkColumn(): Promise<void> {
    return Promise.resolve();
  }
}

/** PostgreSQL. */
export const POSTGRES: StorageKind = {
  errors: POSTGRES_ERRORS,
  hasCollations: false,
  sharesConnection: false,
  open: (dataSource) => new PostgresStorage(dataSource),
  openOwn: openOwnPostgres,
};
