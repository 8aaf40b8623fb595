import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';
import { Client } from '../test/support/http.js';
import { until } from '../test/support/until.js';
import type { HardCodedAnswer, HardCodedAnswers } from './bare-server.js';
import { ask, startPinned } from './pinned.js';
import { type Kind, requestFor } from './requests.js';

/** A server that is measured. */
export interface BenchServer {
  name: string;
  url: string;
  process: ChildProcess;
}

const MAIN = join(import.meta.dirname, '..', 'dist', 'main.js');

/** Node's options for a file in TypeScript, from any folder. */
const TSX = ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];

/**
 * Starts the built Tasktag as in production: the log says what it says by default. Operations end long after the
 * benchmark, so that only requests are measured, and not the simulated cloud's own work.
 */
export async function startTasktag(name: string, databaseUrl: string): Promise<BenchServer> {
  const port = await freePort();
  const child = startPinned('server', [MAIN], {
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    PORT: String(port),
    LOG_LEVEL: 'info',
    EMBEDDED_TASK_MS: '3600000',
  });
  const url = `http://127.0.0.1:${port}`;
  await until(`${name} to listen`, () => {
    if (child.exitCode !== null) throw new Error(`The server of ${name} ended with ${child.exitCode}.`);
    return fetch(url).then(
      ({ ok }) => ok || 'answers',
      () => false,
    );
  });
  return { name, url, process: child };
}

/** Starts the bare route, with the answers that Tasktag gives to one request of each kind. */
export async function startBare(answers: HardCodedAnswers): Promise<BenchServer> {
  const child = startPinned('server', [...TSX, join(import.meta.dirname, 'bare-server.ts')], {
    NODE_ENV: 'production',
  });
  return { name: 'bare Fastify route', url: await ask<string>(child, answers), process: child };
}

/** Starts the process that puts load on the servers. */
export function startLoad(): ChildProcess {
  return startPinned('load', [...TSX, join(import.meta.dirname, 'load.ts')]);
}

/** What a server answers, less what Node adds to every answer. */
export async function answerOf({ url }: BenchServer, kind: Kind, tag: string): Promise<HardCodedAnswer> {
  const { method, path, headers, body } = requestFor(kind, tag);
  const client = new Client(url);
  const answer = await client.call(method, path, { token: null, headers, body });
  client.close();
  const { date: _, connection: __, 'keep-alive': ___, 'content-length': ____, ...own } = answer.headers;
  return { status: answer.status, headers: own as Record<string, string>, text: answer.text };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
