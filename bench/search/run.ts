// npm run bench:search               a thousand and ten million tasks in MariaDB, which takes some minutes to make
// npm run bench:search -- 1000000    so many tasks
import 'reflect-metadata';
import { NEVER } from 'rxjs';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { SCHEMA } from '../../src/schema.js';
import type { TaskRecorder } from '../../src/tasks/recording/task.recorder.js';
import { Requesters } from '../../src/tasks/searching/requesters.js';
import type { TaskFilter } from '../../src/tasks/task.filter.js';
import { uuidOf } from '../../src/storage/bytes.js';
import { idOf } from '../../src/storage/packed-ids.js';
import { TaskLookUps } from '../../src/tasks/task-look-ups.js';
import { select } from '../databases.js';
import { dropDatabase, SERIES, tasksDatabase } from '../parts/look-up-table.js';

const PROJECT = 'bench';

/** How often each search is made, each time for another value. */
const SAMPLES = 100;

/** As many as a console shows. */
const PAGE = 50;

/** A search for the nth of all tasks. */
type Case = (n: number, row: Sample, rows: number) => Partial<TaskFilter> & { isCount?: boolean };

interface Sample {
  uuid: string;
  subject: string;
  requestId: string;
  start: number;
}

const tagOf = (n: number) => `${SERIES}-${String(Math.floor(n / 3)).padStart(8, '0')}`;

const CASES: Record<string, Case> = {
  'the newest page': () => ({}),
  'a state with few tasks': () => ({ states: ['failure'] }),
  'a time': (_, { start }) => ({ since: start - 60_000, until: start }),
  'a whole tag': (n) => ({ search: tagOf(n) }),
  'a tag but for its last two digits': (n) => ({ search: tagOf(n).slice(0, -2) }),
  'a tag but for its last three digits': (n) => ({ search: tagOf(n).slice(0, -3) }),
  'what all tags begin with': () => ({ search: SERIES }),
  'one letter': () => ({ search: 'o' }),
  "a task's uuid but for its last four digits": (_, { uuid }) => ({ search: uuid.slice(0, -4) }),
  "a server's first eight digits": (_, { subject }) => ({ search: subject.slice(0, 8) }),
  "a request id's first eight digits": (_, { requestId }) => ({ search: requestId.slice(0, 12) }),
  'a user': () => ({ search: 'ben' }),
  'nothing that there is': (n) => ({ search: `nobody-${n}` }),
  'a whole tag, among failures': (n) => ({ search: tagOf(n), states: ['failure'] }),
  'counts by state': () => ({ isCount: true }),
  'counts of a tag but for its last two digits': (n) => ({ search: tagOf(n).slice(0, -2), isCount: true }),
  'counts of a tag but for its last three digits': (n) => ({ search: tagOf(n).slice(0, -3), isCount: true }),
  'a name that no task has': () => ({ task: 'none' }),
  'counts of one letter': () => ({ search: 'o', isCount: true }),
};

/** Makes one task of a thousand a failure, and notes who has sent them, as requests would have. */
async function prepare(database: string, rows: number): Promise<void> {
  const [done] = await select("SELECT 1 FROM task_requesters WHERE project_id = 'bench'", database);
  if (done !== undefined) return;
  const failures = Math.ceil(rows / 1000);
  await select(
    `UPDATE tasks JOIN (SELECT UNHEX(SHA2(seq * 1000, 256)) AS k FROM seq_1_to_${failures}) s ON duplicate_key = k SET state = 'failure'`,
    database,
  );
  await select("INSERT INTO task_requesters VALUES ('bench', 'bench')", database);
}

async function samplesOf(database: string, rows: number): Promise<[number, Sample][]> {
  const samples: [number, Sample][] = [];
  for (let i = 0; i < SAMPLES; i += 1) {
    const n = Math.floor((rows * (i + 0.5)) / SAMPLES);
    const [row] = await select(
      `SELECT uuid, subject, request_id, start_time FROM tasks WHERE duplicate_key = UNHEX(SHA2(${n + 1}, 256))`,
      database,
    );
    samples.push([
      n,
      {
        uuid: uuidOf(row?.['uuid']),
        subject: idOf(row?.['subject'] as Buffer),
        requestId: idOf(row?.['request_id'] as Buffer),
        start: Number(row?.['start_time']),
      },
    ]);
  }
  return samples.sort(() => Math.random() - 0.5);
}

/** @returns a row of the report for each case: the half, and 95 of 100, took no longer, in milliseconds */
async function measure(rows: number): Promise<Map<string, string>> {
  const database = `tasktag_search_${rows}`;
  const url = await tasksDatabase(database, rows);
  await prepare(database, rows);
  const dataSource = await new DataSource(await dataSourceOptions(url, SCHEMA)).initialize();
  const requesters = new Requesters(dataSource, { recorded: NEVER } as unknown as TaskRecorder);
  const lookUps = new TaskLookUps(dataSource, requesters);
  const samples = await samplesOf(database, rows);
  const results = new Map<string, string>();
  for (const [name, filterOf] of Object.entries(CASES)) {
    const times: number[] = [];
    let found = 0;
    for (const [n, sample] of samples) {
      const { isCount = false, ...filter } = filterOf(n, sample, rows);
      const meant = { ...filter, projectId: PROJECT };
      const begin = performance.now();
      const tasks = isCount
        ? await lookUps.counts(meant)
        : (await lookUps.page(meant, undefined, PAGE)).tasks;
      times.push(performance.now() - begin);
      found += Array.isArray(tasks) ? tasks.length : 0;
    }
    times.sort((one, other) => one - other);
    const at = (part: number) => (times[Math.floor(part * times.length)] ?? NaN).toFixed(1);
    results.set(name, `${at(0.5)} | ${at(0.95)}`);
    console.error(`${rows}: ${name}: ${at(0.5)}, ${at(0.95)} ms; ${found / SAMPLES} tasks each`);
  }
  await dataSource.destroy();
  await dropDatabase(database);
  return results;
}

const sizes = process.argv.slice(2).map(Number);
const measured: Map<string, string>[] = [];
const all = sizes.length > 0 ? sizes : [1000, 10_000_000];
for (const rows of all) measured.push(await measure(rows));
console.log(`| search | ${all.map((rows) => `${rows.toLocaleString('en')}: p50 ms | p95 ms`).join(' | ')} |`);
console.log(`| --- |${' ---: | ---: |'.repeat(all.length)}`);
for (const name of Object.keys(CASES))
  console.log(`| ${name} | ${measured.map((results) => results.get(name)).join(' | ')} |`);
