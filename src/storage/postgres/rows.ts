import type { DataSource } from 'typeorm';
import { alike, type Alike } from '../alike.js';
import { type Key, keyText } from '../bytes.js';
import { retryDeadlocks } from '../retry-deadlocks.js';
import { keysOf, secondQuery } from '../second-table.js';
import type { GroupedRows, GroupedTable, InsertedThenFound, Row, RowChange } from '../storage.js';
import { POSTGRES_ERRORS } from './errors.js';
import { postgresQuery } from './query.js';
import { postgresTransaction } from './transaction.js';

/**
 * PostgreSQL reports for every statement which rows it has written. It compares a row's state again when another
 * transaction has changed it meanwhile (READ COMMITTED), so a change is a compare-and-set here too.
 */
export class PostgresRows implements GroupedRows {
  constructor(
    private readonly dataSource: DataSource,
    private readonly table: GroupedTable,
  ) {}

  async insert(rows: readonly (readonly unknown[])[]): Promise<boolean[]> {
    const { name, columns, unique } = this.table;
    const parameters = rows.flat();
    const list = rows.map((row, n) => `(${row.map((_, i) => `$${n * row.length + i + 1}`).join()})`);
    const sql =
      `INSERT INTO ${name} (${columns.join(', ')}) VALUES ${list.join(', ')} ` +
      `ON CONFLICT (${unique}) DO NOTHING RETURNING ${this.key}`;
    const written = this.textsOf(await postgresQuery(this.dataSource, sql, parameters));
    return rows.map(([key]) => written.has(keyText(key)));
  }

  /** Of two statements, not one: a statement sees only what was committed before it began. */
  async insertThenFind(
    rows: readonly (readonly unknown[])[],
    keys: readonly Key[],
  ): Promise<InsertedThenFound> {
    const written = await this.insert(rows);
    const sql = secondQuery(this.table, '= ANY($1)');
    // What is written stays written, so only this is repeated.
    const found = await retryDeadlocks(POSTGRES_ERRORS.isDeadlock, () =>
      postgresQuery<Row>(this.dataSource, sql, [keys]),
    );
    return { written, found: keysOf(found) };
  }

  /** One statement makes all changes that are alike, as nearly all are; several statements are one transaction. */
  async change(changes: readonly RowChange[]): Promise<boolean[]> {
    const kinds = alike(changes);
    const made = new Set<string>();
    await postgresTransaction(this.dataSource, async (query) => {
      for (const kind of kinds) {
        const { rows } = await query(...this.updateOf(kind));
        for (const key of this.textsOf(rows)) made.add(key);
      }
    });
    return changes.map(({ key }) => made.has(keyText(key)));
  }

  find(keys: readonly Key[]): Promise<Row[]> {
    const { name, unique } = this.table;
    return postgresQuery(this.dataSource, `SELECT * FROM ${name} WHERE ${unique} = ANY($1)`, [keys]);
  }

  private updateOf({ columns, from, changes }: Alike): [sql: string, parameters: unknown[]] {
    const { name, state } = this.table;
    const parameters: unknown[] = [from];
    const place = (value: unknown, column: string) =>
      `$${parameters.push(value)}::${this.table.types.get(column) ?? 'text'}`;
    const list = changes.map(({ key, values }) => {
      const cells = columns.map((column) => place(values[column], column));
      return `(${[place(key, this.key), ...cells].join()})`;
    });
    const sets = columns.map((column, n) => `${column} = new.c${n}`);
    const names = columns.map((_, n) => `c${n}`);
    const sql =
      `UPDATE ${name} SET ${sets.join(', ')} FROM (VALUES ${list.join(', ')}) AS new (k, ${names.join(', ')}) ` +
      `WHERE ${name}.${this.key} = new.k AND ${name}.${state} = ANY($1) RETURNING ${name}.${this.key}`;
    return [sql, parameters];
  }

  private textsOf(rows: Row[]): Set<string> {
    return new Set(rows.map((row) => keyText(row[this.key])));
  }

  private get key(): string {
    return this.table.columns[0] as string;
  }
}
