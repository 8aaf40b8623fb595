import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuTime } from '../cpu-time.js';
import { type BenchDatabase, openDatabases } from '../databases.js';
import { ask, stop } from '../pinned.js';
import { CASE, type CaseName, CASES } from './cases.js';
import type { LoadOrder, LoadResult } from './load.js';
import { type Findings, report, type Sample } from './report.js';
import { type GatewayServer, startBareProxy, startGateway, startLoad, startStandIns } from './servers.js';
import { readSlowly } from './slow-reader.js';

const RESULTS = join(import.meta.dirname, '..', 'results');

const isQuick = process.argv.includes('quick');
const { rounds, seconds } = isQuick ? { rounds: 3, seconds: 0.6 } : { rounds: 9, seconds: 1.5 };

/** Creates are first looked at a second after their answer: a window is over before, and what follows is apart. */
const CREATE_SECONDS = 0.6;

/** Pause between two questions whether all tasks have ended, in milliseconds. */
const POLL_MS = 250;

const OPEN_TASKS = '/v3/tasks?state=pending&state=processing&state=unknown&limit=1';

/** The whole benchmark. */
async function run([database, other]: [BenchDatabase, BenchDatabase], started: ChildProcess[]) {
  const load = startLoad(started);
  const standIns = await startStandIns(started);
  const proxy = await startBareProxy(standIns, started);
  const gateway = await startGateway('info', database.url, standIns, started);
  const quiet = await startGateway('warn', other.url, standIns, started);
  const { nova } = standIns;
  const servers: Record<CaseName, GatewayServer[]> = {
    read: [nova, proxy, gateway, quiet],
    'read-one': [nova, proxy, gateway],
    update: [nova, proxy, gateway, quiet],
    large: [nova, proxy, gateway],
    create: [nova, proxy, gateway],
    duplicate: [gateway],
  };

  const samples: Sample[] = [];
  const lookMicros: number[] = [];
  // Round 0 warms everything up. All within one round, one after the other: the machine's speed changes, and a
  // round's ratios do not.
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of CASES) {
      for (const server of servers[name]) {
        const length = name === 'create' ? CREATE_SECONDS : seconds;
        const order = {
          case: name,
          series: `bench-${name === 'duplicate' ? 'same' : round}`,
          seconds: length,
        };
        if (name === 'duplicate') await createOnce(gateway, order.series);
        const result = await measure(load, server, order);
        if (round > 0) samples.push({ round, server: server.name, ...order, ...result });
        if (name === 'create' && server === gateway) {
          const micros = await settle(gateway, result.total);
          if (round > 0) lookMicros.push(micros);
        }
      }
    }
    console.log(round === 0 ? 'warmed up' : `round ${round} of ${rounds}`);
  }

  const slowReadings: Findings['slowReadings'] = [];
  for (const server of [proxy, gateway])
    slowReadings.push({ server: server.name, reading: await readSlowly(server, nova) });
  const command = `npm run bench:gateway${isQuick ? ' -- quick' : ''}`;
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
  for (;;) {
    const { tasks: open } = (await (await fetch(url + OPEN_TASKS, { headers })).json()) as {
      tasks: object[];
    };
    if (open.length === 0) return ((cpuTime(pid as number) - start) / tasks) * 1e6;
    await sleep(POLL_MS);
  }
}

/** MariaDB where there is one, for both gateways; else SQLite. */
async function twoDatabases(): Promise<BenchDatabase[]> {
  const opened: BenchDatabase[] = [];
  for (let n = 0; n < 2; n += 1) opened.push(...(await openDatabases()));
  return opened;
}

const databases = await twoDatabases();
const started: ChildProcess[] = [];
const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => reject(new Error(`Ended by ${signal}.`)));
  }
});
try {
  const [kind] = databases.slice(-1);
  const own = databases.filter(({ name }) => name === kind?.name) as [BenchDatabase, BenchDatabase];
  const text = await Promise.race([run(own, started), interrupted]);
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, 'gateway.md'), text);
  console.log(`\n${text}`);
} finally {
  for (const child of started) await stop(child);
  for (const database of databases) await database.drop();
}
