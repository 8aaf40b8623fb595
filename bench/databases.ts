import Database from 'better-sqlite3';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { createDatabase, MARIADB_URL, type TestDatabase } from '../test/support/database.js';

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

function sqliteVersion(): string {
  const database = new Database(':memory:');
  const version = database.prepare('SELECT sqlite_version()').pluck().get() as string;
  database.close();
  return version;
}

async function mariadbVersion(): Promise<string> {
  const connection = await createConnection(MARIADB_URL);
  const [rows] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
  await connection.end();
  return String(rows[0]?.['version']).split('-')[0] as string;
}
