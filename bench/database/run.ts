import 'reflect-metadata';
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { SCHEMA } from '../../src/schema.js';
import { createDatabase } from '../../test/support/database/database.js';
import { cpuTime } from '../cpu-time.js';
import type { WriteOrder } from './writer.js';

/** How many processes write at the same time, in turn. */
const PROCESSES = [1, 2, 4];

/** Requests at the same time, of all processes together. */
const LANES = [32, 256];

const SECONDS = 8;

/** The rows whose size is measured. */
const ROWS = 1_000_000;

/** They are made in parts, which the server's memory holds. */
const PART = 100_000;

async function one<Row>(connection: Connection, sql: string): Promise<Row> {
  const [rows] = await connection.query<RowDataPacket[]>(sql);
  return rows[0] as Row;
}

/** What the server has done so far. Its CPU time is known when it is on this machine. */
async function clocks(connection: Connection) {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Innodb_os_log_written', 'Innodb_data_fsyncs')`,
  );
  const counted = Object.fromEntries(rows.map((row) => [row['Variable_name'], Number(row['Value'])]));
  const pid = Number(spawnSync('pidof', ['mariadbd']).stdout.toString());
  return { at: performance.now(), cpu: pid > 0 ? cpuTime(pid) : NaN, ...counted } as Record<string, number>;
}

/** Lets several processes write at once, and tells what it cost the database. */
async function measureWrites(url: string, processes: number, lanes: number): Promise<string> {
  const connection = await createConnection(url);
  const writers = Array.from({ length: processes }, () =>
    fork(join(import.meta.dirname, 'writer.ts'), { execArgv: ['--import', 'tsx'] }),
  );
  const before = await clocks(connection);
  const counts = await Promise.all(
    writers.map(async (writer) => {
      writer.send({ url, lanes: lanes / processes, seconds: SECONDS } satisfies WriteOrder);
      return ((await once(writer, 'message')) as [number])[0];
    }),
  );
  const after = await clocks(connection);
  await connection.end();
  const tasks = counts.reduce((sum, count) => sum + count, 0);
  const each = (name: string) => ((after[name] ?? NaN) - (before[name] ?? NaN)) / tasks;
  const cells = [
    processes,
    lanes,
    Math.round(tasks / SECONDS),
    each('Questions').toFixed(2),
    Math.round(each('cpu') * 1e6),
    Math.round(each('Innodb_os_log_written')),
    each('Innodb_data_fsyncs').toFixed(3),
  ];
  return `| ${cells.join(' | ')} |`;
}

/**
 * Makes ended tasks in the server itself, each as a tagged create leaves one, in the order of time. Ids are as
 * `src/storage/packed-ids.ts` stores them.
 */
async function measureSize(url: string): Promise<string> {
  const connection = await createConnection(url);
  await connection.query('TRUNCATE tasks');
  for (let done = 0; done < ROWS; done += PART) {
    await connection.query(
      `INSERT INTO tasks (uuid, project_id, user_id, tag, duplicate_key, task, state, subject, resource, request_id,
         start_time, last_updated) SELECT
         UNHEX(CONCAT('01a206bf', LPAD(HEX(seq DIV 4096), 4, '0'), '7', LPAD(HEX(seq MOD 4096), 3, '0'), '8',
           SUBSTRING(SHA2(seq, 256), 1, 15))) AS uuid,
         CONCAT(X'02', UNHEX(MD5(seq MOD 1000))), CONCAT(X'02', UNHEX(MD5(seq MOD 5000))),
         CONCAT('order-', SUBSTRING(SHA2(seq, 256), 1, 12)), LEFT(UNHEX(SHA2(CONCAT('key', seq), 256)), 16), 'create', 'success',
         CONCAT(X'01', UNHEX(MD5(UUID()))), CONCAT('{"server":', X'01', UNHEX(MD5(UUID())), '}'),
         CONCAT(X'03', UNHEX(MD5(UUID()))), 1795433143000 + seq, 1795433145000 + seq
       FROM seq_${done}_to_${done + PART - 1} ORDER BY uuid`,
    );
  }
  await connection.query('ANALYZE TABLE tasks');
  const { data, indexes } = await one<{ data: number; indexes: number }>(
    connection,
    `SELECT data_length AS data, index_length AS indexes FROM information_schema.tables
      WHERE table_schema = DATABASE() AND table_name = 'tasks'`,
  );
  const { file } = await one<{ file: number }>(
    connection,
    `SELECT file_size AS file FROM information_schema.innodb_sys_tablespaces WHERE name = CONCAT(DATABASE(), '/tasks')`,
  );
  await connection.end();
  const each = (bytes: number) => Math.round(bytes / ROWS);
  return `${ROWS} tasks: ${each(data)} bytes of row each, ${each(indexes)} of indexes, ${each(file)} in the file`;
}

const database = await createDatabase('mariadb');
try {
  const dataSource = await new DataSource(await dataSourceOptions(database.url, SCHEMA)).initialize();
  await dataSource.runMigrations();
  await dataSource.destroy();
  if (process.argv.includes('size')) console.log(await measureSize(database.url));
  else {
    console.log(
      '| processes | at once | tasks/s | statements/task | database CPU µs/task | log bytes/task | fsyncs/task |',
    );
    console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
    for (const lanes of LANES)
      for (const processes of PROCESSES) console.log(await measureWrites(database.url, processes, lanes));
  }
} finally {
  await database.drop();
}
