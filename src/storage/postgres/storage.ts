import type { DataSource } from 'typeorm';
import { additionOf, type Counts, type Keys, missingOf } from '../add-up.js';
import type { Key } from '../bytes.js';
import { distinctQuery, foundOf } from '../distinct.js';
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
  async claim(rows: DueRows): Promise<Key[]> {
    const { table, key, due, now, until, limit } = rows;
    const claimed = await postgresQuery<Row>(
      this.dataSource,
      `UPDATE ${table} SET ${due} = $1 WHERE ${key} IN ` +
        `(SELECT ${key} FROM ${table} WHERE ${due} <= $2${furtherCondition(rows, '= ANY($4)')} ` +
        `ORDER BY ${due} LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING ${key}`,
      [until, now, limit, ...(rows.keys === undefined ? [] : [rows.keys])],
    );
    return claimed.map((row) => row[key] as Key);
  }

  select({ sql, parameters }: Statement): Promise<Row[]> {
    return postgresQuery(this.dataSource, numbered(sql), parameters);
  }

  addUp(counts: Counts): Promise<void> {
    return this.write(additionOf(counts, 'standard'));
  }

  addMissing(keys: Keys): Promise<void> {
    return this.write(missingOf(keys, 'standard'));
  }

  private async write({ sql, parameters }: Statement): Promise<void> {
    const write = () => postgresQuery(this.dataSource, numbered(sql), parameters);
    await retryDeadlocks(POSTGRES_ERRORS.isDeadlock, write);
  }

  async distinct(table: string, column: string, limit: number): Promise<Key[]> {
    return foundOf(await this.select({ sql: distinctQuery(table, column), parameters: [limit] }));
  }

  fromList(columns: readonly ListColumn[]): string {
    const values = columns.map(({ like }, n) => {
      const text = `value ->> ${n}`;
      return `${like === 'bytes' ? `decode(${text}, 'hex')` : text} AS v${n}`;
    });
    return `(SELECT place AS n, ${values.join(', ')} FROM jsonb_array_elements(?::jsonb) WITH ORDINALITY AS rows (value, place))`;
  }

  byIndex(): string {
    return '';
  }

  /** It has no hints, and might read the table for a LIMIT; that is never cheaper where all would have to be sorted. */
  inOrderOf(columns: readonly string[]): string {
    return ` ORDER BY ${columns.join(', ')}`;
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
}

/** Parameters have numbers here. */
function numbered(sql: string): string {
  let n = 0;
  return sql.replaceAll('?', () => `$${(n += 1)}`);
}

/** PostgreSQL. */
export const POSTGRES: StorageKind = {
  errors: POSTGRES_ERRORS,
  hasCollations: false,
  bytes: () => ({ type: 'bytea' }),
  choice: (_, length) => ({ type: 'varchar', length: String(length) }),
  sharesConnection: false,
  open: (dataSource) => new PostgresStorage(dataSource),
  openOwn: openOwnPostgres,
};
