import { createConnection } from 'mysql2/promise';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';

/** The database that this run of the suite is for; see jest.config.js. */
declare const testDatabase: TestDatabase['kind'] | 'memory';

/** Where MariaDB is; a user other than root may be given. */
export const MARIADB_URL = process.env['TEST_MARIADB_URL'] ?? 'mysql://root@127.0.0.1:3306';

/** Where PostgreSQL is; a user who may make databases. */
export const POSTGRES_URL = process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** An empty database of a test's own. */
export interface TestDatabase {
  /** PostgreSQL is for hosts of the library only. */
  kind: 'sqlite' | 'mariadb' | 'postgres';
  /** A `DATABASE_URL`. */
  url: string;
  drop: () => Promise<void>;
}

/** The same database for one of several that use it: the one who made it drops it. */
export function lent(database: TestDatabase): TestDatabase {
  return { ...database, drop: () => Promise.resolve() };
}

/**
 * Makes an empty database.
 *
 * @param prefix what its name begins with, on a server
 */
export function createDatabase(
  kind: TestDatabase['kind'] | 'memory' = testDatabase,
  prefix = 'tasktag_test',
): Promise<TestDatabase> {
  if (kind === 'memory') throw new Error('The test is for memory, and has no database.');
  if (kind === 'sqlite') return Promise.resolve(createSqlite());
  const name = `${prefix}_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  return kind === 'mariadb' ? createMariadb(name) : createPostgres(name);
}

function createSqlite(): TestDatabase {
  // The benchmark measures what a disk costs, too.
  const isTest = process.env['JEST_WORKER_ID'] !== undefined;
  const folder = mkdtempSync(join((isTest ? memoryFolder() : null) ?? tmpdir(), 'tasktag-'));
  return {
    kind: 'sqlite',
    url: `sqlite:${join(folder, 'test.sqlite')}`,
    drop: () => Promise.resolve(rmSync(folder, { recursive: true })),
  };
}

/**
 * A folder in memory, where there is one with room enough. Each commit waits for the disk elsewhere, and a process that is
 * killed leaves the same behind in both.
 */
function memoryFolder(): string | null {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize > 500_000_000 ? '/dev/shm' : null;
  } catch {
    return null;
  }
}

async function createMariadb(name: string): Promise<TestDatabase> {
  await onServer(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  return { kind: 'mariadb', url: `${MARIADB_URL}/${name}`, drop: () => onServer(`DROP DATABASE ${name}`) };
}

async function createPostgres(name: string): Promise<TestDatabase> {
  const inPostgres = async (sql: string) => {
    const admin = await new DataSource({ type: 'postgres', url: POSTGRES_URL }).initialize();
    await admin.query(sql).finally(() => admin.destroy());
  };
  await inPostgres(`CREATE DATABASE ${name}`);
  const url = new URL(POSTGRES_URL);
  url.pathname = `/${name}`;
  return { kind: 'postgres', url: url.href, drop: () => inPostgres(`DROP DATABASE ${name}`) };
}

/** Runs one statement as the server's administrator. */
export async function onServer(sql: string): Promise<void> {
  const connection = await createConnection(MARIADB_URL);
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}
