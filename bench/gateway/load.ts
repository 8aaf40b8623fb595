import autocannon, { type Instance } from 'autocannon';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuTime } from '../cpu-time.js';
import { CASE, type CaseName, requestOf } from './cases.js';

/** Time before a window, when all connections are open. In milliseconds. */
const LEAD_MS = 100;

/** One window of load on one server. */
export interface LoadOrder {
  url: string;
  case: CaseName;
  /** The process whose CPU time is measured. */
  serverPid: number;
  /** Beginning of the tags, or the tag. */
  series: string;
  /** Length of the window. */
  seconds: number;
}

/** What a window showed. */
export interface LoadResult {
  answers: number;
  seconds: number;
  /** CPU time in seconds that the server took. */
  serverCpu: number;
  /** Milliseconds from a request to its answer. */
  p50: number;
  p99: number;
  /** All answers, before and after the window too. */
  total: number;
  /** What was not answered as it should be. */
  failed: number;
}

async function load({ url, case: name, serverPid, series, seconds }: LoadOrder): Promise<LoadResult> {
  const { connections, status } = CASE[name];
  let n = 0;
  const setupRequest = (request: object) => ({ ...request, ...requestOf(name, series, n++) });
  const instance = autocannon({
    url,
    connections,
    requests: [{ setupRequest }],
    timeout: 60,
    sampleInt: 50,
    duration: 3600,
  });

  let times: number[] | null = null;
  let total = 0;
  let wrong = 0;
  instance.on('response', (_client: unknown, answered: number, _bytes: number, ms: number) => {
    total += 1;
    if (answered !== status) wrong += 1;
    times?.push(ms);
  });
  const clocks = () => ({ at: performance.now(), server: cpuTime(serverPid) });
  await allAnswered(instance, connections);
  await sleep(LEAD_MS);
  const taken: number[] = (times = []);
  const start = clocks();
  await sleep(seconds * 1000);
  const end = clocks();
  times = null;
  instance.stop();
  const { errors } = await instance;

  taken.sort((a, b) => a - b);
  return {
    answers: taken.length,
    seconds: (end.at - start.at) / 1000,
    serverCpu: end.server - start.server,
    p50: taken[Math.floor(taken.length * 0.5)] ?? NaN,
    p99: taken[Math.floor(taken.length * 0.99)] ?? NaN,
    total,
    failed: wrong + errors,
  };
}

/** Waits until each connection has had an answer. */
function allAnswered(instance: Instance, connections: number): Promise<void> {
  const answered = new Set<unknown>();
  return new Promise((resolve) => {
    instance.on('response', function look(client: unknown) {
      if (answered.add(client).size < connections) return;
      instance.off('response', look);
      resolve();
    });
  });
}

// A process of its own, which stays for the whole run: it is warm, and it can be put on a core of its own.
process.on('message', (order: LoadOrder) => {
  load(order).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
