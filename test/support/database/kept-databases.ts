import { copyFileSync } from 'node:fs';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { dataSourceOptions } from '../../../src/database/data-source-options.js';
import { TASKS_ENTITIES, TASKS_MIGRATIONS } from '../../../src/index.js';
import { SCHEMA } from '../../../src/schema.js';
import { createDatabase, type TestDatabase } from './database.js';
import { emptied, structureOf } from './structure.js';

declare const testDatabase: TestDatabase['kind'];

/** Whose tables a database has. */
export type TablesOf = 'server' | 'library';

/** Databases of one kind, whose tables are there and empty. */
interface Kept {
  free: TestDatabase[];
  /** What they all look like, as migrations have made them; `null` until one was made. */
  structure: string | null;
}

/** A worker's, for all its files of tests. scripts/jest/run-start.js drops them in the end. */
const KEPT = Symbol.for('tasktag: kept databases');

/**
 * An empty database that has its tables already. To make and drop them takes longer than most tests, so it is kept for
 * the next test, unless this one leaves a connection open, or tables that differ from what migrations make.
 */
export async function keptDatabase(tables: TablesOf): Promise<TestDatabase> {
  const kept = keptOf(tables);
  if (testDatabase === 'sqlite') return copyOfSqlite(tables, kept);
  const database = kept.free.pop() ?? (await made(tables, kept));
  return { ...database, drop: () => giveBack(database, kept) };
}

async function giveBack(database: TestDatabase, kept: Kept): Promise<void> {
  if (await emptied(database, kept.structure ?? '')) kept.free.push(database);
  else await database.drop();
}

/** The first one of a worker shows what migrations make. */
async function made(tables: TablesOf, kept: Kept): Promise<TestDatabase> {
  const database = await createDatabase(
    testDatabase,
    `tasktag_kept_${process.env['TASKTAG_TEST_RUN'] ?? ''}`,
  );
  await migrate(database, tables);
  kept.structure ??= await structureOf(database);
  return database;
}

/** SQLite has its tables in a file. */
async function copyOfSqlite(tables: TablesOf, kept: Kept): Promise<TestDatabase> {
  const database = await createDatabase();
  if (kept.free.length === 0) {
    const first = await createDatabase();
    await migrate(first, tables);
    kept.free.push(first);
  }
  copyFileSync(fileOf(kept.free[0] as TestDatabase), fileOf(database));
  return database;
}

async function migrate(database: TestDatabase, tables: TablesOf): Promise<void> {
  const dataSource = await new DataSource(await optionsOf(database, tables)).initialize();
  try {
    await dataSource.runMigrations();
  } finally {
    await dataSource.destroy();
  }
}

function optionsOf(
  { kind, url }: TestDatabase,
  tables: TablesOf,
): DataSourceOptions | Promise<DataSourceOptions> {
  const own = { entities: TASKS_ENTITIES, migrations: TASKS_MIGRATIONS };
  if (kind === 'postgres') return { type: 'postgres', url, ...own };
  return dataSourceOptions(url, tables === 'server' ? SCHEMA : own);
}

const fileOf = ({ url }: TestDatabase) => url.slice('sqlite:'.length);

function keptOf(tables: TablesOf): Kept {
  const all = ((globalThis as { [KEPT]?: Record<string, Kept> })[KEPT] ??= {});
  return (all[`${testDatabase} ${tables}`] ??= { free: [], structure: null });
}
