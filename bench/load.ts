import autocannon, { type Instance } from 'autocannon';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuTime } from './cpu-time.js';
import { CONNECTIONS, type Kind, requestFor, tagOf } from './requests.js';

/** Time before a window, when all connections are open and caches are filled. In milliseconds. */
const LEAD_MS = 300;

/** One window of load on one server. */
export interface LoadOrder {
  url: string;
  kind: Kind;
  /** The process whose CPU time is measured. */
  serverPid: number;
  /** Name of the series of tags. */
  series: string;
  /** Tags in the series, after which it starts again; a create must never come to the end. */
  tags: number;
  /** Length of the window in seconds; without it, each tag is sent once. */
  seconds?: number;
}

/** What a window showed. */
export interface LoadResult {
  answers: number;
  seconds: number;
  /** CPU time in seconds that the server took. */
  serverCpu: number;
  /** CPU time in seconds that the load took: near to `seconds`, and it is the load that is measured. */
  loadCpu: number;
  /** Milliseconds from a request to its answer, sorted. */
  p50: number;
  p99: number;
  /** What was not answered 2xx, from the first request to the last one. */
  failed: number;
}

/** Puts load on a server, and measures. */
async function load({ url, kind, serverPid, series, tags, seconds }: LoadOrder): Promise<LoadResult> {
  let n = 0;
  const setupRequest = (request: object) => ({ ...request, ...requestFor(kind, tagOf(series, n++ % tags)) });
  const requests = [{ setupRequest }];
  const length = seconds === undefined ? { amount: tags } : { duration: 3600 };
  const instance = autocannon({
    url,
    connections: CONNECTIONS,
    requests,
    timeout: 60,
    sampleInt: 100,
    ...length,
  });

  const clocks = () => ({ at: performance.now(), server: cpuTime(serverPid), load: cpuTime(process.pid) });
  let times: number[] = [];
  let start = clocks();
  let end: typeof start | undefined;
  instance.on('response', (_client: unknown, _status: number, _bytes: number, ms: number) => {
    if (end === undefined) times.push(ms);
  });
  if (seconds !== undefined) {
    // Node accepts one connection in each turn of its event loop, and a busy server's turns are long.
    await allAnswered(instance);
    await sleep(LEAD_MS);
    times = [];
    start = clocks();
    await sleep(seconds * 1000);
    end = clocks();
    instance.stop();
  }
  const { non2xx, errors } = await instance;
  end ??= clocks();

  times.sort((a, b) => a - b);
  return {
    answers: times.length,
    seconds: (end.at - start.at) / 1000,
    serverCpu: end.server - start.server,
    loadCpu: end.load - start.load,
    p50: times[Math.floor(times.length * 0.5)] ?? NaN,
    p99: times[Math.floor(times.length * 0.99)] ?? NaN,
    failed: non2xx + errors,
  };
}

/** Waits until each connection has had an answer. */
function allAnswered(instance: Instance): Promise<void> {
  const answered = new Set<unknown>();
  return new Promise((resolve) => {
    instance.on('response', function look(client: unknown) {
      if (answered.add(client).size < CONNECTIONS) return;
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
