import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildOf } from '../builds.js';
import { cpuTime } from '../cpu-time.js';
import { type BenchDatabase, openDatabases } from '../databases.js';
import { createDatabase, type TestDatabase } from '../../test/support/database/database.js';
import { until } from '../../test/support/until.js';
import { ask, stop } from '../pinned.js';
import { CASE, type CaseName, CASES } from './cases.js';
import type { LoadOrder, LoadResult } from './load.js';
import { type Findings, report, type Sample } from './report.js';
import { type GatewayServer, startBareProxy, startGateway, startLoad, startStandIns } from './servers.js';
import { readSlowly } from './slow-reader.js';

const RESULTS = join(import.meta.dirname, '..', 'results');

const words = process.argv.slice(2);
const isQuick = words.includes('quick');
const beside = words[0] === 'beside' ? words[1] : undefined;
const { rounds, seconds } = isQuick ? { rounds: 3, seconds: 0.4 } : { rounds: 7, seconds: 1 };

/** Creates are first looked at a second after their answer: a window is over before, and what follows is apart. */
const CREATE_SECONDS = 0.6;

/** Pause between two questions whether all tasks have ended, in milliseconds. */
const POLL_MS = 250;

/** How long that may take, in milliseconds. */
const SETTLING_MS = 120_000;

const OPEN_TASKS = '/v3/tasks?state=pending&state=processing&state=unknown&limit=1';

/** The whole benchmark. */
async function run(
  database: BenchDatabase,
  another: () => Promise<TestDatabase>,
  started: ChildProcess[],
): Promise<string> {
  const load = startLoad(started);
  const standIns = await startStandIns(started);
  const proxy = await startBareProxy(standIns, started);
  // As the gateway sends what changes something.
  const fresh = await startBareProxy(standIns, started, { keeps: false });
  // A Nova and a database of its own for each: a gateway finds whatever servers there are, and follows all tasks.
  const gateway = await startGateway('info', database.url, await startStandIns(started), started);
  const quiet = await startGateway('warn', (await another()).url, await startStandIns(started), started);
  const others: GatewayServer[] = [];
  if (beside !== undefined) {
    const build = buildOf(beside);
    const own = await startStandIns(started);
    const older = await startGateway('info', (await another()).url, own, started, build);
    others.push({ ...older, name: `${build.title}, LOG_LEVEL=info` });
  }
  const gateways = [gateway, ...others];
  const { nova } = standIns;
  const servers: Record<CaseName, GatewayServer[]> = {
    read: [nova, proxy, ...gateways, quiet],
    'read-one': [nova, proxy, ...gateways],
    update: [proxy, fresh, ...gateways, quiet],
    large: [proxy, ...gateways],
    create: [proxy, fresh, ...gateways],
    duplicate: gateways,
  };

  const samples: Sample[] = [];
  const lookMicros = new Map<string, number[]>(gateways.map(({ name }) => [name, []]));
  // Round 0 warms everything up. All within one round, one after the other: the machine's speed changes, and a
  // round's ratios do not.
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of CASES) {
      // Each second round the other way round, so that what comes before a server is not always the same.
      for (const server of round % 2 === 1 ? servers[name] : servers[name].toReversed()) {
        const length = name === 'create' ? Math.min(seconds, CREATE_SECONDS) : seconds;
        const order = {
          case: name,
          series: `bench-${name === 'duplicate' ? 'same' : round}`,
          seconds: length,
        };
        if (name === 'duplicate') await createOnce(server, order.series);
        const result = await measure(load, server, order);
        if (round > 0) samples.push({ round, server: server.name, ...order, ...result });
        if (name === 'create' && gateways.includes(server)) {
          const micros = await settle(server, result.total);
          if (round > 0) lookMicros.get(server.name)?.push(micros);
        }
      }
    }
    console.log(round === 0 ? 'warmed up' : `round ${round} of ${rounds}`);
  }

  const slowReadings: Findings['slowReadings'] = [];
  for (const server of [proxy, gateway])
    slowReadings.push({ server: server.name, reading: await readSlowly(server, nova) });
  const command = ['npm run bench:gateway', ...(words.length > 0 ? ['--', ...words] : [])].join(' ');
  return report(samples, proxy.name, {
    command,
    database: database.name,
    rounds,
    seconds,
    slowReadings,
    lookMicros,
  });
}

/** A server that refuses or breaks must not look fast. */
async function measure(
  load: ChildProcess,
  { name, url, process: { pid } }: GatewayServer,
  order: Omit<LoadOrder, 'url' | 'serverPid'>,
): Promise<LoadResult> {
  const result = await ask<LoadResult>(load, { ...order, url, serverPid: pid as number });
  if (result.failed > 0 || result.answers === 0) {
    throw new Error(`${name} did not answer ${result.failed} requests (${order.case}) as it should.`);
  }
  return result;
}

/** The request whose duplicates are refused then. */
async function createOnce({ url }: GatewayServer, tag: string): Promise<void> {
  const { method, path, headers, body } = CASE.duplicate.request;
  const { status } = await fetch(url + path, { method, headers: { ...headers, 'Task-tag': tag }, body });
  if (status !== 202 && status !== 409) throw new Error(`A create was answered ${status}.`);
}

/** Waits until the gateway knows how all tasks have ended; CPU time for it in microseconds a task. */
async function settle({ url, process: { pid } }: GatewayServer, tasks: number): Promise<number> {
  const { headers } = CASE.read.request;
  const start = cpuTime(pid as number);
  const look = async () => {
    await sleep(POLL_MS);
    const answer = await fetch(url + OPEN_TASKS, { headers });
    return ((await answer.json()) as { tasks: object[] }).tasks.length === 0;
  };
  await until('all tasks to have ended', look, SETTLING_MS);
  return ((cpuTime(pid as number) - start) / tasks) * 1e6;
}

const databases: TestDatabase[] = [];
const started: ChildProcess[] = [];
const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => reject(new Error(`Ended by ${signal}.`)));
  }
});
try {
  // MariaDB where there is one.
  const opened = await openDatabases();
  databases.push(...opened);
  const database = opened.at(-1) as BenchDatabase;
  const another = async () => {
    const other = await createDatabase(database.kind);
    databases.push(other);
    return other;
  };
  const text = await Promise.race([run(database, another, started), interrupted]);
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, beside === undefined ? 'gateway.md' : 'gateway-beside.md'), text);
  console.log(`\n${text}`);
} finally {
  for (const child of started) await stop(child);
  for (const database of databases) await database.drop();
}
