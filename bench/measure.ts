import type { ChildProcess } from 'node:child_process';
import { type CaseName, CASES, KNOWN } from './cases.js';
import type { LoadOrder, LoadResult } from './load.js';
import { ask } from './pinned.js';
import type { BenchServer } from './servers.js';

/** More tags than any window can use. */
const UNLIMITED = 100_000_000;

let windows = 0;

/**
 * One window of load on a server. A server that refuses or breaks must not look fast.
 *
 * @param seconds the length of the window
 * @throws Error when any answer is not the one that counts
 */
export function measureWindow(
  load: ChildProcess,
  server: BenchServer,
  name: CaseName,
  seconds: number,
): Promise<LoadResult> {
  return measureAt(load, server, name, { seconds });
}

/** The same with a number of connections, and with tags that are known. @throws Error as `measureWindow` */
export function measureAt(
  load: ChildProcess,
  server: BenchServer,
  name: CaseName,
  {
    known = KNOWN,
    ...order
  }: Pick<LoadOrder, 'connections'> & { seconds: number; known?: Pick<LoadOrder, 'series' | 'tags'> },
): Promise<LoadResult> {
  const fresh = { series: `window-${String((windows += 1)).padStart(4, '0')}`, tags: UNLIMITED };
  return send(load, server, name, { ...(CASES[name].tags === 'known' ? known : fresh), ...order });
}

/** One window of look-ups by the tags of a series, one at a time. */
export function measureLookUps(
  load: ChildProcess,
  server: BenchServer,
  known: Pick<LoadOrder, 'series' | 'tags'>,
  seconds: number,
): Promise<LoadResult> {
  return send(load, server, 'lone look-up', { ...known, seconds });
}

/** Sends the requests under the known tags for the first time. */
export function sendKnown(load: ChildProcess, server: BenchServer, name: CaseName): Promise<LoadResult> {
  return send(load, server, name, KNOWN);
}

/** Sends a number of requests, each under a tag of its own. */
export function sendSome(
  load: ChildProcess,
  server: BenchServer,
  name: CaseName,
  tags: number,
): Promise<LoadResult> {
  const series = `some-${String((windows += 1)).padStart(6, '0')}`;
  return send(load, server, name, { series, tags });
}

let last: Promise<unknown> = Promise.resolve();

/** One after the other, whoever asks: there is one load. */
function send(...order: Parameters<typeof sendNow>): Promise<LoadResult> {
  const result = last.then(() => sendNow(...order));
  last = result.catch(() => undefined);
  return result;
}

async function sendNow(
  load: ChildProcess,
  { title, url, cores = 1, process: { pid } }: BenchServer,
  name: CaseName,
  order: Pick<LoadOrder, 'series' | 'tags' | 'seconds' | 'connections'>,
): Promise<LoadResult> {
  const result = await ask<LoadResult>(load, { ...order, case: name, url, cores, serverPid: pid as number });
  if (result.failed > 0 || result.answers === 0) {
    throw new Error(`${title} did not answer ${result.failed} requests (${name}) as it should.`);
  }
  return result;
}
