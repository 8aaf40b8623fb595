import autocannon, { type Client, type Instance } from 'autocannon';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CaseName, CASES } from './cases.js';
import { cpuTime, cpuTimeOfTree } from './cpu-time.js';
import { tagOf } from './requests.js';

/** Time before a window, when all connections are open and caches are filled. In milliseconds. */
const LEAD_MS = 100;

/** One window of load on one server. */
export interface LoadOrder {
  url: string;
  case: CaseName;
  /** The process whose CPU time is measured, with its workers, and the cores that it may use. */
  serverPid: number;
  cores: number;
  /** Name of the series of tags, and how many there are, after which it starts again. */
  series: string;
  tags: number;
  /** Requests under way at the same time. @default those of the case */
  connections?: number;
  /** Length of the window in seconds; without it, each tag is sent once. */
  seconds?: number;
}

/** What a window showed. */
export interface LoadResult {
  answers: number;
  seconds: number;
  /** CPU time in seconds that the server took, and the cores that it may use. */
  cores: number;
  serverCpu: number;
  /** CPU time in seconds that the load took: near to `seconds`, and it is the load that is measured. */
  loadCpu: number;
  /** Milliseconds from a request to its answer. */
  p50: number;
  p99: number;
  /** What was not answered as it should be, from the first request to the last one. */
  failed: number;
}

/** Puts load on a server, and measures. */
async function load({
  url,
  case: name,
  serverPid,
  cores,
  series,
  tags,
  seconds,
  connections = CASES[name].connections,
}: LoadOrder): Promise<LoadResult> {
  const { status, request } = CASES[name];
  let n = 0;
  const isKnown = seconds !== undefined && CASES[name].tags === 'known';
  const nextNumber = () => (isKnown ? scattered(known++, tags) : n++ % tags);
  const setupRequest = (base: object) => ({ ...base, ...request(tagOf(series, nextNumber())) });
  const length = seconds === undefined ? { amount: tags } : { duration: 3600 };
  const instance = autocannon({
    url,
    connections,
    requests: [{ setupRequest }],
    timeout: 60,
    sampleInt: 50,
    ...length,
  });

  const clocks = () => ({
    at: performance.now(),
    server: cpuTimeOfTree(serverPid),
    load: cpuTime(process.pid),
  });
  let times: number[] = [];
  let wrong = 0;
  let start = clocks();
  let end: typeof start | undefined;
  instance.on('response', (client: Client, answered: number, _bytes: number, ms: number) => {
    if (answered !== status) wrong += 1;
    if (end === undefined) times.push(ms);
    // Each connection ends with an answer. What is still under way when the table is emptied would be written after.
    else client.responseMax = 1;
  });
  if (seconds !== undefined) {
    // Node accepts one connection in each turn of its event loop, and a busy server's turns are long.
    await allAnswered(instance, connections);
    await sleep(LEAD_MS);
    times = [];
    start = clocks();
    await sleep(seconds * 1000);
    end = clocks();
  }
  const { errors } = await instance;
  end ??= clocks();

  times.sort((a, b) => a - b);
  return {
    answers: times.length,
    seconds: (end.at - start.at) / 1000,
    cores,
    serverCpu: end.server - start.server,
    loadCpu: end.load - start.load,
    p50: times[Math.floor(times.length * 0.5)] ?? NaN,
    p99: times[Math.floor(times.length * 0.99)] ?? NaN,
    failed: wrong + errors,
  };
}

/** Goes on from window to window: what was looked up before is found in caches. */
let known = 0;

/** Numbers all over a range: a neighbour would find what the one before has read. */
function scattered(n: number, range: number): number {
  return (Math.imul(n, 2_654_435_761) >>> 0) % range;
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
