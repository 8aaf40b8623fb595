import { DataSource, type DataSourceOptions } from 'typeorm';
import { ascii, bigint, createTable, nullable, varchar } from '../../../src/storage/create-table.js';
import { storageOf } from '../../../src/storage/storage-of.js';
import type { GroupedRows, GroupedTable } from '../../../src/storage/storage.js';
import { createDatabase, type TestDatabase } from './database.js';

declare const testDatabase: TestDatabase['kind'];

/** The types of data source that this run's database can be used as: MariaDB understands MySQL's statements too. */
export const TYPES: readonly DataSourceOptions['type'][] = {
  sqlite: ['better-sqlite3' as const],
  mariadb: ['mariadb' as const, 'mysql' as const],
  postgres: ['postgres' as const],
}[testDatabase];

/** The table that storages are tried with. */
export const TABLE: GroupedTable = {
  name: 't',
  columns: ['id', 'name', 'state', 'due', 'note'],
  types: new Map([['due', 'bigint']]),
  unique: 'name',
  state: 'state',
  second: { name: 't2', text: 'name', only: 'gone IS NULL' },
};

/** A database with the table, and a way in for each of several processes. */
export class StorageBench {
  private constructor(
    private readonly database: TestDatabase,
    readonly type: DataSourceOptions['type'],
    readonly sources: readonly [DataSource, DataSource],
  ) {}

  static async open(type: DataSourceOptions['type']): Promise<StorageBench> {
    const database = await createDatabase();
    const open = () => StorageBench.source(type, database.url);
    const bench = new StorageBench(database, type, [await open(), await open()]);
    const runner = bench.source.createQueryRunner();
    await createTable(
      runner,
      't',
      [
        ascii('id', 36, { isPrimary: true }),
        varchar('name', 20, { isUnique: true, ...nullable }),
        ascii('state', 9),
        bigint('due', nullable),
        varchar('note', 20, nullable),
      ],
      [],
    );
    await createTable(runner, 't2', [varchar('name', 20, { isPrimary: true }), varchar('gone', 1, nullable)]);
    await runner.release();
    return bench;
  }

  static source(type: DataSourceOptions['type'], url: string): Promise<DataSource> {
    const options =
      type === 'better-sqlite3'
        ? { type, database: url.slice('sqlite:'.length), enableWAL: true, timeout: 5000 }
        : { type, url, poolSize: 4, ...(type === 'postgres' ? {} : { charset: 'utf8mb4', timezone: 'Z' }) };
    return new DataSource(options as DataSourceOptions).initialize();
  }

  get source(): DataSource {
    return this.sources[0];
  }

  get url(): string {
    return this.database.url;
  }

  get storage() {
    return storageOf(this.source);
  }

  /** The rows of the table, as each of two processes sees them. */
  get rows(): GroupedRows {
    return this.storage.rows(TABLE);
  }

  /** The place of a statement's n-th parameter, as the database writes it. */
  place(n: number): string {
    return this.type === 'postgres' ? `$${n}` : '?';
  }

  /** `id state` of each row that is there. */
  async there(): Promise<string[]> {
    const rows: { id: string; state: string }[] = await this.source.query(
      'SELECT id, state FROM t ORDER BY id',
    );
    return rows.map(({ id, state }) => `${id} ${state}`);
  }

  async empty(): Promise<void> {
    await this.source.query('DELETE FROM t');
    await this.source.query('DELETE FROM t2');
  }

  async close(): Promise<void> {
    for (const source of this.sources) await source.destroy();
    await this.database.drop();
  }
}
