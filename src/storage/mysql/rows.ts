import type { DataSource } from 'typeorm';
import { alike, type Alike } from '../alike.js';
import { type Key, keyText } from '../bytes.js';
import type { Statement } from '../statement.js';
import { keysOf, secondQuery } from '../second-table.js';
import type { GroupedRows, GroupedTable, InsertedThenFound, Row, RowChange } from '../storage.js';
import { mysqlQuery } from './query.js';
import { commitAllOrNone } from './transaction.js';

/** The most rows that one UPDATE changes: the time for its CASE grows with their square. */
const ROWS_OF_AN_UPDATE = 64;

/** The text of bytes in SQL. The driver would take five times as long, each time that they stand in a statement. */
class BytesInSql {
  private readonly text: string;

  constructor(bytes: Buffer) {
    this.text = `X'${bytes.toString('hex')}'`;
  }

  toSqlString(): string {
    return this.text;
  }
}

const literal = (value: unknown) => (Buffer.isBuffer(value) ? new BytesInSql(value) : value);

/** Rows as the parameter of a statement. */
export const literals = (rows: readonly (readonly unknown[])[]) => rows.map((row) => row.map(literal));

/**
 * MySQL. The driver counts the rows that a statement found, changed or not, so its count cannot tell an old row from a
 * new one.
 */
export class MysqlRows implements GroupedRows {
  constructor(
    protected readonly dataSource: DataSource,
    protected readonly table: GroupedTable,
  ) {}

  /** Nothing else writes a row under the same key, so the rows found afterwards are those just written. */
  async insert(rows: readonly (readonly unknown[])[]): Promise<boolean[]> {
    await this.query(this.insertion(), [literals(rows)]);
    return this.areThere(rows);
  }

  async insertThenFind(
    rows: readonly (readonly unknown[])[],
    keys: readonly Key[],
  ): Promise<InsertedThenFound> {
    await this.query(this.insertion(), [literals(rows)]);
    const [written, found] = await Promise.all([this.areThere(rows), this.findSecond(keys)]);
    return { written, found };
  }

  private async areThere(rows: readonly (readonly unknown[])[]): Promise<boolean[]> {
    const keys = rows.map(([key]) => key);
    const found = await this.query<Row[]>(
      `SELECT ${this.key} FROM ${this.table.name} WHERE ${this.key} IN (?)`,
      [keys],
    );
    const written = new Set(found.map((row) => keyText(row[this.key])));
    return keys.map((key) => written.has(keyText(key)));
  }

  /**
   * If as many rows were found as there are changes, all were made. Otherwise the rows are read, and changes that are
   * old news are left out; if another process is faster even then, each change is made by itself, to find out which.
   */
  async change(changes: readonly RowChange[]): Promise<boolean[]> {
    if (changes.length === 1) return [await this.updateOne(changes[0] as RowChange)];
    if (await this.updateAll(changes)) return changes.map(() => true);
    const states = await this.statesOf(changes);
    const isNews = ({ key, from }: RowChange) => from.includes(states.get(keyText(key)) ?? '');
    const news = changes.filter(isNews);
    if (await this.updateAll(news)) return changes.map(isNews);
    const made: boolean[] = [];
    for (const change of changes) made.push(isNews(change) && (await this.updateOne(change)));
    return made;
  }

  async find(keys: readonly Key[]): Promise<Row[]> {
    const { name, columns, unique } = this.table;
    return this.query(`SELECT ${columns.join(', ')} FROM ${name} WHERE ${unique} IN (?)`, [keys]);
  }

  /** A row that is there already stays as it is. Not INSERT IGNORE, which would cut long values short. */
  protected insertion(): string {
    const { name, columns } = this.table;
    return `INSERT INTO ${name} (${columns.join(', ')}) VALUES ? ON DUPLICATE KEY UPDATE ${this.key} = ${this.key}`;
  }

  /** Looks up keys in the second table. */
  protected get second(): string {
    return secondQuery(this.table, 'IN (?)');
  }

  protected async findSecond(keys: readonly Key[]): Promise<Key[]> {
    return keysOf(await this.query<Row[]>(this.second, [keys]));
  }

  /** The prefix of a statement that may have to wait for others. */
  protected readonly patience: string = '';

  protected get key(): string {
    return this.table.columns[0] as string;
  }

  /** @returns false when a statement did not change the required number of rows; nothing is changed then */
  protected commitAll(updates: Statement[]): Promise<boolean> {
    return commitAllOrNone(this.dataSource, updates);
  }

  protected query<Result>(
    sql: string,
    parameters: unknown[],
    isOpen?: (answer: Result) => boolean,
  ): Promise<Result> {
    return mysqlQuery(this.dataSource, sql, parameters, isOpen);
  }

  /** @returns false when not all changes could be made; none is made then */
  private async updateAll(changes: readonly RowChange[]): Promise<boolean> {
    if (changes.length === 0) return true;
    return this.commitAll(alike(changes).flatMap((kind) => this.updates(kind)));
  }

  private async statesOf(changes: readonly RowChange[]): Promise<Map<string, string>> {
    const { name, state } = this.table;
    const sql = `SELECT ${this.key}, ${state} FROM ${name} WHERE ${this.key} IN (?)`;
    const rows = await this.query<Row[]>(sql, [changes.map(({ key }) => key)]);
    return new Map(rows.map((row) => [keyText(row[this.key]), row[state] as string]));
  }

  private updates({ columns, from, changes }: Alike): Statement[] {
    const statements: Statement[] = [];
    for (let start = 0; start < changes.length; start += ROWS_OF_AN_UPDATE) {
      const part = changes.slice(start, start + ROWS_OF_AN_UPDATE);
      const parameters: unknown[] = [];
      const keys = part.map(({ key }) => literal(key));
      const sets = columns.map((column) => `${column} = ${this.newValue(column, part, keys, parameters)}`);
      parameters.push(keys, from);
      const sql =
        `${this.patience}UPDATE ${this.table.name} SET ${sets.join(', ')} ` +
        `WHERE ${this.key} IN (?) AND ${this.table.state} IN (?)`;
      statements.push({ sql, parameters, mustChange: part.length });
    }
    return statements;
  }

  private newValue(
    column: string,
    changes: RowChange[],
    keys: readonly unknown[],
    parameters: unknown[],
  ): string {
    const value = changes[0]?.values[column];
    if (changes.every(({ values }) => values[column] === value)) {
      parameters.push(literal(value));
      return '?';
    }
    changes.forEach(({ values }, n) => void parameters.push(keys[n], literal(values[column])));
    return `CASE ${this.key} ${'WHEN ? THEN ? '.repeat(changes.length)}END`;
  }

  private async updateOne({ key, from, values }: RowChange): Promise<boolean> {
    const sets = Object.keys(values).map((column) => `${column} = ?`);
    const sql =
      `${this.patience}UPDATE ${this.table.name} SET ${sets.join(', ')} ` +
      `WHERE ${this.key} = ? AND ${this.table.state} IN (?)`;
    const { affectedRows } = await this.query<{ affectedRows: number }>(sql, [
      ...Object.values(values).map(literal),
      literal(key),
      from,
    ]);
    return affectedRows === 1;
  }
}
