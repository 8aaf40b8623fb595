import type { DataSource, QueryRunner } from 'typeorm';
import { alike, type Alike } from './alike.js';
import type { GroupedRows, GroupedTable, RowChange } from './grouped-rows.js';

/** The rows that one UPDATE changes at most: the time for its CASE grows with their square. */
const ROWS_OF_AN_UPDATE = 64;

/**
 * MySQL. The driver counts the rows that a statement has found, whether or not it changed them, so its count does not
 * tell an old row from a new one.
 */
export class MysqlRows implements GroupedRows {
  constructor(
    protected readonly dataSource: DataSource,
    protected readonly table: GroupedTable,
  ) {}

  /** Nobody else writes a row under the same key, so the ones that are there afterwards are those just written. */
  async insert(rows: readonly (readonly unknown[])[]): Promise<boolean[]> {
    const { name } = this.table;
    await this.dataSource.query(this.insertion(), [rows]);
    const keys = rows.map(([key]) => key);
    const found: Record<string, unknown>[] = await this.dataSource.query(
      `SELECT ${this.key} FROM ${name} WHERE ${this.key} IN (?)`,
      [keys],
    );
    const written = new Set(found.map((row) => row[this.key]));
    return keys.map((key) => written.has(key));
  }

  /** When as many rows were found as there are changes, all were made; else each is made by itself, to tell which. */
  async update(changes: readonly RowChange[]): Promise<boolean[]> {
    if (changes.length === 1) return [await this.updateOne(changes[0] as RowChange)];
    const isWhole = await this.updateAllOrNone(changes);
    if (isWhole) return changes.map(() => true);
    const made: boolean[] = [];
    for (const change of changes) made.push(await this.updateOne(change));
    return made;
  }

  /** A row that is there already stays as it is. Not INSERT IGNORE, which would cut long values short. */
  protected insertion(): string {
    const { name, columns } = this.table;
    return `INSERT INTO ${name} (${columns.join(', ')}) VALUES ? ON DUPLICATE KEY UPDATE ${this.key} = ${this.key}`;
  }

  /** What stands before a statement that may have to wait for others. */
  protected readonly patience: string = '';

  protected get key(): string {
    return this.table.columns[0] as string;
  }

  private async updateAllOrNone(changes: readonly RowChange[]): Promise<boolean> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      try {
        for (const kind of alike(changes)) {
          if (!(await this.updateAlike(runner, kind))) {
            await runner.rollbackTransaction();
            return false;
          }
        }
        await runner.commitTransaction();
        return true;
      } catch (error) {
        // The first error is the one to tell; a connection that is lost cannot roll back either.
        if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
        throw error;
      }
    } finally {
      await runner.release();
    }
  }

  private async updateAlike(runner: QueryRunner, { columns, from, changes }: Alike): Promise<boolean> {
    for (let start = 0; start < changes.length; start += ROWS_OF_AN_UPDATE) {
      const part = changes.slice(start, start + ROWS_OF_AN_UPDATE);
      const parameters: unknown[] = [];
      const sets = columns.map((column) => `${column} = ${this.newValue(column, part, parameters)}`);
      parameters.push(
        part.map(({ key }) => key),
        from,
      );
      const sql =
        `${this.patience}UPDATE ${this.table.name} SET ${sets.join(', ')} ` +
        `WHERE ${this.key} IN (?) AND ${this.table.state} IN (?)`;
      if ((await runner.query(sql, parameters, true)).affected !== part.length) return false;
    }
    return true;
  }

  private newValue(column: string, changes: RowChange[], parameters: unknown[]): string {
    const value = changes[0]?.values[column];
    if (changes.every(({ values }) => values[column] === value)) {
      parameters.push(value);
      return '?';
    }
    for (const { key, values } of changes) parameters.push(key, values[column]);
    return `CASE ${this.key} ${'WHEN ? THEN ? '.repeat(changes.length)}END`;
  }

  private async updateOne({ key, from, values }: RowChange): Promise<boolean> {
    const sets = Object.keys(values).map((column) => `${column} = ?`);
    const sql =
      `${this.patience}UPDATE ${this.table.name} SET ${sets.join(', ')} ` +
      `WHERE ${this.key} = ? AND ${this.table.state} IN (?)`;
    const { affectedRows } = await this.dataSource.query<{ affectedRows: number }>(sql, [
      ...Object.values(values),
      key,
      from,
    ]);
    return affectedRows === 1;
  }
}
