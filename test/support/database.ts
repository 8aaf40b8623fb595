import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';

/** The database that this run of the suite is for; see jest.config.js. */
declare const testDatabase: 'sqlite' | 'mariadb';

/** Where MariaDB is; a user other than root may be given. */
export const MARIADB_URL = process.env['TEST_MARIADB_URL'] ?? 'mysql://root@127.0.0.1:3306';

/** An empty database of a test's own. */
export interface TestDatabase {
  kind: 'sqlite' | 'mariadb';
  /** A `DATABASE_URL`. */
  url: string;
  drop: () => Promise<void>;
}

/** Makes an empty database. */
export function createDatabase(kind: 'sqlite' | 'mariadb' = testDatabase): Promise<TestDatabase> {
  return kind === 'sqlite' ? Promise.resolve(createSqlite()) : createMariadb();
}

function createSqlite(): TestDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'tasktag-'));
  return {
    kind: 'sqlite',
    url: `sqlite:${join(folder, 'test.sqlite')}`,
    drop: () => Promise.resolve(rmSync(folder, { recursive: true })),
  };
}

async function createMariadb(): Promise<TestDatabase> {
  const name = `tasktag_test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  await onServer(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  return { kind: 'mariadb', url: `${MARIADB_URL}/${name}`, drop: () => onServer(`DROP DATABASE ${name}`) };
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
