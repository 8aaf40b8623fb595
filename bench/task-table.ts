import Database from 'better-sqlite3';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from './apps/data-source.js';
import { builtLibrary } from './built.js';

/** Makes the table of the tasks, as the library's own migrations do: it is the same for all candidates. */
export async function makeTables(url: string): Promise<void> {
  const { TASKS_ENTITIES, TASKS_MIGRATIONS } = await builtLibrary();
  const dataSource = new DataSource({
    ...dataSourceOptions(url, TASKS_ENTITIES),
    migrations: TASKS_MIGRATIONS,
  });
  await dataSource.initialize();
  await dataSource.runMigrations();
  await dataSource.destroy();
}

/** Empties the table, so that each window begins alike. */
export async function emptyTasks(url: string): Promise<void> {
  if (url.startsWith('sqlite:')) onSqlite(url, (database) => database.exec('DELETE FROM tasks'));
  else await onMariadb(url, 'TRUNCATE TABLE tasks');
}

/** How many tasks there are, and how many of them have ended well. */
export async function countTasks(url: string): Promise<{ all: number; success: number }> {
  const sql = `SELECT COUNT(*) AS total, COUNT(CASE state WHEN 'success' THEN 1 END) AS success FROM tasks`;
  const [row] = url.startsWith('sqlite:')
    ? onSqlite(url, (database) => database.prepare(sql).all() as Record<string, unknown>[])
    : await onMariadb(url, sql);
  return { all: Number(row?.['total']), success: Number(row?.['success']) };
}

function onSqlite<T>(url: string, work: (database: Database.Database) => T): T {
  const database = new Database(url.slice('sqlite:'.length));
  try {
    return work(database);
  } finally {
    database.close();
  }
}

async function onMariadb(url: string, sql: string): Promise<RowDataPacket[]> {
  const connection = await createConnection(url);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
}
