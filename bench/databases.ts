import Database from 'better-sqlite3';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { createDatabase, MARIADB_URL, type TestDatabase } from '../test/support/database/database.js';

/** An empty database, and what it is. */
export interface BenchDatabase extends TestDatabase {
  /** Name and version. */
  name: string;
}

/** SQLite in a temporary file, and MariaDB or MySQL when one answers. */
export async function openDatabases(): Promise<BenchDatabase[]> {
  const databases = [{ ...(await createDatabase('sqlite')), name: `SQLite ${sqliteVersion()}` }];
  try {
    databases.push({ ...(await createDatabase('mariadb')), name: `MariaDB ${await mariadbVersion()}` });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    console.log(`MariaDB is left out, since it does not answer: ${message || code}`);
  }
  return databases;
}

/** SQLite's version. */
export function sqliteVersion(): string {
  const database = new Database(':memory:');
  const version = database.prepare('SELECT sqlite_version()').pluck().get() as string;
  database.close();
  return version;
}

/** MariaDB's version. */
export async function mariadbVersion(): Promise<string> {
  const [row] = await select('SELECT VERSION() AS version');
  return String(row?.['version']).split('-')[0] as string;
}

/** What one statement gives, on MariaDB. */
export async function select(sql: string, database = ''): Promise<RowDataPacket[]> {
  const connection = await createConnection(`${MARIADB_URL}/${database}`);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
}
