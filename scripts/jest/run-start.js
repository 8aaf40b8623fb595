// Jest's start and end of a run. Workers keep databases and packages for their next tests
// (test/support/database/kept-databases.ts, test/support/library/packed-library.ts), and are ended without a word: what
// they kept is dropped here.
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import postgres from 'pg';

const CACHE = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'tasktag');

/** The start: names of what is kept have the run in them, so that several runs stay apart. */
export default function start() {
  process.env.TASKTAG_TEST_RUN = String(process.pid);
  // An earlier process with this number may have been killed, and have left what is of older sources.
  removeFolders();
}

/** The end. A server that does not answer has none. */
export async function end() {
  const pattern = `tasktag\\_kept\\_${process.env.TASKTAG_TEST_RUN}\\_%`;
  await dropInMariadb(pattern).catch(() => undefined);
  await dropInPostgres(pattern).catch(() => undefined);
  removeFolders();
}

function removeFolders() {
  const run = process.env.TASKTAG_TEST_RUN;
  for (const folder of [join(tmpdir(), `tasktag-packed-${run}`), join(CACHE, `hosts-${run}`)])
    rmSync(folder, { recursive: true, force: true });
}

async function dropInMariadb(pattern) {
  const uri = process.env.TEST_MARIADB_URL ?? 'mysql://root@127.0.0.1:3306';
  const connection = await createConnection({ uri, connectTimeout: 3000 });
  try {
    const sql = 'SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name LIKE ?';
    const [databases] = await connection.query(sql, [pattern]);
    for (const { name } of databases) await connection.query(`DROP DATABASE ${name}`);
  } finally {
    await connection.end();
  }
}

async function dropInPostgres(pattern) {
  const connectionString = process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
  const client = new postgres.Client({ connectionString, connectionTimeoutMillis: 3000 });
  await client.connect();
  try {
    const sql = 'SELECT datname AS name FROM pg_database WHERE datname LIKE $1';
    const { rows } = await client.query(sql, [pattern]);
    for (const { name } of rows) await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}
