import { DataSource, type DataSourceOptions, type QueryRunner } from 'typeorm';
import {
  ascii,
  bigint,
  bytes,
  createTable,
  integer,
  nullable,
  varchar,
} from '../../../src/storage/create-table.js';
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
  second: { name: 't2', key: 'name', only: 'gone IS NULL' },
};

/** The table whose keys are bytes. */
export const bytesTable = ({ driver, options }: DataSource): GroupedTable => {
  const type = options.type === 'postgres' ? 'bytea' : 'blob';
  return {
    name: 'b',
    columns: ['id', 'name', 'state', 'due'],
    types: new Map([
      ...['id', 'name'].map((column) => [column, type] as const),
      ['due', driver.normalizeType({ type: 'bigint' })],
    ]),
    unique: 'name',
    state: 'state',
    second: { name: 'b2', key: 'name', only: 'gone IS NULL' },
  };
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
    await createTable(runner, 'counts', [
      ascii('id', 36, { isPrimary: true }),
      integer(runner, 'one'),
      integer(runner, 'other'),
      bigint('latest'),
    ]);
    await createTable(runner, 'pairs', [
      varchar('a', 20, { isPrimary: true }),
      varchar('b', 20, { isPrimary: true }),
    ]);
    await bench.createByteTables(runner);
    await runner.release();
    return bench;
  }

  private async createByteTables(runner: QueryRunner): Promise<void> {
    const id = bytes(runner, 'id', { bytes: 16, isFixed: true }, { isPrimary: true });
    const name = (options: object) => bytes(runner, 'name', { bytes: 20, isFixed: false }, options);
    const unique = name({ isUnique: true, ...nullable });
    await createTable(runner, 'b', [id, unique, ascii('state', 9), bigint('due', nullable)]);
    await createTable(runner, 'b2', [name({ isPrimary: true }), varchar('gone', 1, nullable)]);
    await createTable(runner, 'byte_counts', [id, integer(runner, 'one'), bigint('latest')]);
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
    for (const table of ['t', 't2', 'counts', 'pairs', 'b', 'b2', 'byte_counts'])
      await this.source.query(`DELETE FROM ${table}`);
  }

  async close(): Promise<void> {
    for (const source of this.sources) await source.destroy();
    await this.database.drop();
  }
}
