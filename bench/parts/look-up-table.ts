import { statfsSync } from 'node:fs';
import { MARIADB_URL, onServer } from '../../test/support/database/database.js';
import { select } from '../databases.js';
import { makeTables } from '../task-table.js';

/** Rows of one tag. */
export const ROWS_PER_TAG = 3;

/** The series of the tags, as `tagOf` makes them. */
export const SERIES = 'old-tag';

/** The database of ten million tasks. It is kept, since it takes minutes to make. */
export const LARGE = 'tasktag_bench_10m';

/** What it takes while it is made, in bytes. */
const NEEDED_BYTES = 20e9;

/** Why there is no room for it, or `null`. */
export async function whyNoRoom(): Promise<string | null> {
  if (await isThere(LARGE)) return null;
  const [row] = await select('SELECT @@datadir AS folder');
  try {
    const { bavail, bsize } = statfsSync(row?.['folder'] as string);
    return bavail * bsize > NEEDED_BYTES ? null : 'there are no 20 GB free for ten million rows';
  } catch {
    return 'it cannot be seen how much room MariaDB has for ten million rows';
  }
}

/** The address of a database with that many tasks, which is made unless it is there and whole. */
export async function tasksDatabase(name: string, rows: number): Promise<string> {
  const url = `${MARIADB_URL}/${name}`;
  if ((await isThere(name)) && (await isWhole(name, rows))) return url;
  await dropDatabase(name);
  await onServer(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  await makeTables(url);
  await fill(name, rows);
  return url;
}

export function dropDatabase(name: string): Promise<void> {
  return onServer(`DROP DATABASE IF EXISTS ${name}`);
}

async function isThere(name: string): Promise<boolean> {
  const rows = await select(`SELECT 1 FROM information_schema.schemata WHERE schema_name = '${name}'`);
  return rows.length > 0;
}

/** An interrupted run leaves fewer rows: they are counted by the one that was written last. */
async function isWhole(name: string, rows: number): Promise<boolean> {
  try {
    const [found] = await select(
      `SELECT 1 FROM tasks WHERE duplicate_key = LEFT(UNHEX(SHA2(${rows}, 256)), 16)`,
      name,
    );
    return found !== undefined;
  } catch {
    return false;
  }
}

/**
 * Fills the table in the server: tasks of one project that have ended, a few seconds apart, three for each tag. The
 * indexes are made afterwards; row by row they would take hours.
 */
async function fill(name: string, rows: number): Promise<void> {
  const indexes = await select(
    `SELECT index_name AS name, MIN(non_unique) AS isPlain, ` +
      `GROUP_CONCAT(column_name ORDER BY seq_in_index) AS columns FROM information_schema.statistics ` +
      `WHERE table_schema = '${name}' AND table_name = 'tasks' AND index_name <> 'PRIMARY' GROUP BY index_name`,
  );
  const drops = indexes.map((index) => `DROP INDEX ${index['name']}`);
  await select(`ALTER TABLE tasks ${drops.join(', ')}`, name);
  await select(filling(rows), name);
  const adds = indexes.map(
    (index) =>
      `ADD ${Number(index['isPlain']) === 0 ? 'UNIQUE ' : ''}INDEX ${index['name']} (${index['columns']})`,
  );
  await select(`ALTER TABLE tasks ${adds.join(', ')}`, name);
  await select('ANALYZE TABLE tasks', name);
}

function filling(rows: number): string {
  const tagNumber = `FLOOR((seq - 1) / ${ROWS_PER_TAG})`;
  const time = `1700000000000 + seq * 2500`;
  const hexTime = `LPAD(LOWER(HEX(${time})), 12, '0')`;
  const random = `MD5(seq)`;
  const uuid = `UNHEX(CONCAT(${hexTime}, '7', LEFT(${random}, 3), '8', SUBSTR(${random}, 4, 15)))`;
  // As `src/storage/packed-ids.ts` stores them.
  const server = `CONCAT(X'01', UNHEX(MD5(${tagNumber})))`;
  const request = `CONCAT(X'03', UNHEX(MD5(${tagNumber})))`;
  const task = `ELT(1 + seq % 3, 'create', 'stop', 'start')`;
  return (
    `INSERT INTO tasks (uuid, project_id, user_id, tag, duplicate_key, task, state, subject, resource, request_id, ` +
    `start_time, last_updated) SELECT ${uuid}, 'bench', 'bench', ` +
    `CONCAT('${SERIES}-', LPAD(${tagNumber}, 8, '0')), LEFT(UNHEX(SHA2(seq, 256)), 16), ${task}, 'success', ${server}, ` +
    `CONCAT('{"server":', ${server}, '}'), ${request}, ${time}, ${time} + 2000 FROM seq_1_to_${rows}`
  );
}
