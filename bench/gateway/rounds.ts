import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../test/support/until.js';
import { cpuTime } from '../cpu-time.js';
import { ask } from '../pinned.js';
import { CASE, type CaseName, CASES } from './cases.js';
import type { LoadOrder, LoadResult } from './load.js';
import type { GatewayServer } from './servers.js';

/** One window's result. */
export interface Sample extends LoadResult {
  round: number;
  case: CaseName;
  server: string;
}

/** What is measured. */
export interface RoundsOptions {
  /** The process that puts load on the servers. */
  load: ChildProcess;
  /** The servers of each case; a case without any is left out. */
  servers: Partial<Record<CaseName, GatewayServer[]>>;
  /** Those that find out how creates end. */
  gateways: GatewayServer[];
  rounds: number;
  /** Length of a window. */
  seconds: number;
}

/** What some rounds have shown. */
export interface RoundsResult {
  samples: Sample[];
  /** CPU time for finding out how a create has ended, after its answer: of each gateway and round, in microseconds. */
  lookMicros: Map<string, number[]>;
}

/** Creates are first looked at a second after their answer: a window is over before, and what follows is apart. */
const CREATE_SECONDS = 0.6;

/** Creates before the first that counts: a gateway takes a third of the CPU for one after some thousands. */
const WARM_UP_CREATES = 4000;

/** Pause between two questions whether all tasks have ended, in milliseconds. */
const POLL_MS = 250;

/** How long that may take, in milliseconds. */
const SETTLING_MS = 120_000;

const OPEN_TASKS = '/v3/tasks?state=pending&state=processing&state=unknown&limit=1';

/**
 * Measures all servers in turns.
 *
 * @throws Error for an answer that is not what it should be
 */
export async function measureRounds(options: RoundsOptions): Promise<RoundsResult> {
  const { load, servers, gateways, rounds, seconds } = options;
  const samples: Sample[] = [];
  const lookMicros = new Map<string, number[]>(gateways.map(({ name }) => [name, []]));
  for (const server of servers.create ?? []) if (gateways.includes(server)) await warmUp(load, server);
  // Round 0 warms everything up. All within one round, one after the other: the machine's speed changes, and a
  // round's ratios do not.
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of CASES) {
      const own = servers[name] ?? [];
      // Each second round the other way round, so that what comes before a server is not always the same.
      for (const server of round % 2 === 1 ? own : own.toReversed()) {
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
  return { samples, lookMicros };
}

async function warmUp(load: ChildProcess, server: GatewayServer): Promise<void> {
  for (let made = 0, window = 0; made < WARM_UP_CREATES; window += 1) {
    const order = { case: 'create', series: `bench-warm-${window}`, seconds: CREATE_SECONDS } as const;
    const { total } = await measure(load, server, order);
    await settle(server, total);
    made += total;
  }
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
