import 'reflect-metadata';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createDatabase } from '../../test/support/database/database.js';
import { table } from '../report/markdown.js';
import type { Ended, EndOrder } from './other.js';
import { begin, end, PROJECT, type Server, startServer } from './server.js';

/** How many wait in the one process. */
const WAITERS = 10_000;

/** How many tasks end in each part, and in what time. */
const ENDS = 1000;
const ENDS_IN_MS = 10_000;

const QUIET_MS = 10_000;

/** When each wait was over, in epoch milliseconds, by its tag. */
const over = new Map<string, number>();

const rows: string[][] = [];

function report(what: string, value: number, unit: string, limit: number): void {
  const digits = value < 10 ? 2 : 0;
  rows.push([
    what,
    `${value.toFixed(digits)} ${unit}`,
    `${limit} ${unit}`,
    value <= limit ? 'yes' : '**no**',
  ]);
}

async function statementsPerSecond({ sent }: Server): Promise<number> {
  const [before, began] = [sent.statements, performance.now()];
  await pause(QUIET_MS);
  return (sent.statements - before) / ((performance.now() - began) / 1000);
}

function heapUsed(): number {
  for (let n = 0; n < 4; n += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function p95(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? NaN;
}

/** How long after its end each wait was over, in milliseconds. */
async function latencies(ended: Ended): Promise<number[]> {
  const until = Date.now() + 20_000;
  while (ended.some(([tag]) => !over.has(tag)) && Date.now() < until) await pause(50);
  return ended.map(([tag, at]) => Math.max(0, (over.get(tag) ?? Infinity) - at));
}

async function endHere(server: Server, tasks: EndOrder['tasks']): Promise<Ended> {
  return Promise.all(
    tasks.map(async ({ tag, uuid }, n): Promise<Ended[number]> => {
      await pause((ENDS_IN_MS * n) / tasks.length);
      return [tag, await end(server, uuid ?? (await begin(server, tag)))];
    }),
  );
}

const database = await createDatabase('mariadb');
const server = await startServer(database.url);
const other = fork(join(import.meta.dirname, 'other.ts'), [database.url], { execArgv: ['--import', 'tsx'] });
await once(other, 'message');
try {
  const tasks: EndOrder['tasks'] = [];
  for (let n = 0; n < WAITERS; n += 1) tasks.push({ tag: `order-${String(n).padStart(6, '0')}`, uuid: null });
  // Every second one has begun, the others have not arrived.
  await Promise.all(tasks.map(async (task, n) => n % 2 === 0 && (task.uuid = await begin(server, task.tag))));
  const quiet = await statementsPerSecond(server);
  const before = heapUsed();
  for (const { tag } of tasks)
    void server.waits.untilAllEnded({ projectId: PROJECT, tag }, { ms: 600_000 }).then(() => {
      over.set(tag, performance.timeOrigin + performance.now());
    });
  await pause(3000);
  report(`statements of ${WAITERS} waiters`, (await statementsPerSecond(server)) - quiet, 'per second', 1);
  report('heap of a waiter', (heapUsed() - before) / WAITERS, 'bytes', 2048);

  const here = await latencies(await endHere(server, tasks.slice(0, ENDS)));
  report(`p95 of ${ENDS} that end in this process`, p95(here), 'ms', 100);
  other.send({ tasks: tasks.slice(ENDS, 2 * ENDS), inMs: ENDS_IN_MS } satisfies EndOrder);
  const there = await latencies(((await once(other, 'message')) as [Ended])[0]);
  report(`p95 of ${ENDS} that end in another one`, p95(there), 'ms', 1500);
  other.send({ tasks: tasks.slice(2 * ENDS), inMs: 0 } satisfies EndOrder);
  const all = await latencies(((await once(other, 'message')) as [Ended])[0]);
  report(`p95 of ${all.length} that end in another one at once`, p95(all), 'ms', 1500);
  console.log(table(['what', 'measured', 'at most', 'reached'], rows));
} finally {
  other.disconnect();
  await server.app.close();
  await database.drop();
}
