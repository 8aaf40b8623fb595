import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchDatabase, openDatabases } from './databases.js';
import type { LoadOrder, LoadResult } from './load.js';
import { ask, stop } from './pinned.js';
import { report, type Sample } from './report.js';
import { KINDS, tagOf } from './requests.js';
import { answerOf, type BenchServer, startBare, startLoad, startTasktag } from './servers.js';

const RESULTS = join(import.meta.dirname, 'results');

/** More tags than any window can use. */
const UNLIMITED = 10_000_000;

/** The tags that are looked up, spread over the whole table. */
const KNOWN = { series: 'known-tag', tags: 2000 };

const isQuick = process.argv.includes('quick');
const { rounds, seconds } = isQuick ? { rounds: 3, seconds: 1 } : { rounds: 5, seconds: 5 };

/** The whole benchmark; everything that was started is ended, also when it fails. */
async function run(databases: BenchDatabase[], started: ChildProcess[]): Promise<string> {
  const load = startLoad();
  started.push(load);

  const servers: BenchServer[] = [];
  for (const { name, url } of databases) {
    const server = await startTasktag(`Tasktag, ${name}`, url);
    started.push(server.process);
    servers.push(server);
    await measure(load, server, { kind: 'create', ...KNOWN });
  }
  const [tasktag] = servers as [BenchServer];
  const bare = await startBare({
    create: await answerOf(tasktag, 'create', tagOf('hard-code', 0)),
    'look-up': await answerOf(tasktag, 'look-up', tagOf(KNOWN.series, 0)),
  });
  started.push(bare.process);

  // All within one round, one after the other: the machine's speed changes, and a round's ratios do not.
  const samples: Sample[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const kind of KINDS) {
      for (const server of [bare, ...servers]) {
        const tags =
          kind === 'create' ? { series: `create-${String(round).padStart(2, '0')}`, tags: UNLIMITED } : KNOWN;
        const result = await measure(load, server, { kind, ...tags, seconds });
        samples.push({ round, kind, server: server.name, ...result });
        console.log(`round ${round}: ${kind}, ${server.name}: ${rate(result)} requests/s`);
      }
    }
  }
  return report(samples, {
    command: `npm run bench${isQuick ? ' -- quick' : ''}`,
    databases: databases.map(({ name }) => name),
    rounds,
    seconds,
  });
}

/** A server that refuses or breaks must not look fast. */
async function measure(
  load: ChildProcess,
  { name, url, process: { pid } }: BenchServer,
  order: Omit<LoadOrder, 'url' | 'serverPid'>,
): Promise<LoadResult> {
  const result = await ask<LoadResult>(load, { ...order, url, serverPid: pid as number });
  if (result.failed > 0 || result.answers === 0) {
    throw new Error(`${name} did not answer ${result.failed} requests (${order.kind}) with 2xx.`);
  }
  return result;
}

function rate({ answers, seconds: length }: LoadResult): number {
  return Math.round(answers / length);
}

const databases = await openDatabases();
const started: ChildProcess[] = [];
// Without its processes the run fails, and is cleaned up after.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => started.forEach((child) => child.kill()));
}
try {
  const text = await run(databases, started);
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, 'latest.md'), text);
  console.log(`\n${text}`);
} finally {
  for (const child of started) await stop(child);
  for (const database of databases) await database.drop();
}
