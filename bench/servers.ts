import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { Client } from '../test/support/network/http.js';
import { until } from '../test/support/until.js';
import type { HardCodedAnswer, HardCodedAnswers } from './apps/bare-server.js';
import type { AppOptions } from './apps/serve.js';
import { type Build, THIS } from './builds.js';
import type { CaseName } from './cases.js';
import { freePort } from './free-port.js';
import { ask, startPinned } from './pinned.js';
import type { Stage } from './stage.js';
import { TSX, TSX_ENVIRONMENT, tsxEnvironment } from './start-file.js';
import { type BenchRequest, createServer as create, lookUp } from './requests.js';

/** A server that is measured. */
export interface BenchServer {
  /** What the tables call it. */
  title: string;
  url: string;
  process: ChildProcess;
  /** The cores that it may use. @default 1 */
  cores?: number;
}

/** A server that is ready to be measured. */
export interface Measured extends BenchServer {
  /** What has to be done before each window. */
  before: (name: CaseName) => Promise<void>;
}

/** An application of the benchmark's own. */
export interface App {
  title: string;
  /** File in `apps/`. */
  app: string;
}

/** Which build is started, and with what options of Node's. @default this one, without any */
export interface HowStarted {
  build?: Build;
  nodeOptions?: string[];
}

/** How long a server may take to start, in milliseconds: many start at once. */
const START_MS = 120_000;

/** Starts an application on a database that has its tables. */
export async function startApp(
  stage: Stage,
  { title, app }: App,
  databaseUrl: string,
  { build = THIS, nodeOptions = [] }: HowStarted = {},
): Promise<BenchServer> {
  const file = join(build.root, 'bench', 'apps', app);
  const child = stage.keep(startPinned('server', [...nodeOptions, ...TSX, file], tsxEnvironment(build.root)));
  const options: AppOptions = { databaseUrl };
  return { title, url: await ask<string>(child, options), process: child };
}

/**
 * Starts the built stand-alone server as in production: the log says what it says by default. Operations end long after
 * the benchmark, so that only requests are measured, and not the simulated cloud's own work.
 */
export async function startTasktag(
  stage: Stage,
  title: string,
  databaseUrl: string,
  settings: Record<string, string> = {},
  onCores: 'server' | 'all' = 'server',
  build: Build = THIS,
): Promise<BenchServer> {
  const port = await freePort();
  const environment = {
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    PORT: String(port),
    LOG_LEVEL: 'info',
    EMBEDDED_TASK_MS: '3600000',
    ...settings,
  };
  const child = stage.keep(startPinned(onCores, [join(build.root, 'dist', 'main.js')], environment));
  const url = `http://127.0.0.1:${port}`;
  const listens = () => {
    if (child.exitCode !== null) throw new Error(`The server of ${title} ended with ${child.exitCode}.`);
    return fetch(url).then(
      ({ ok }) => ok || 'answers',
      () => false,
    );
  };
  await until(`${title} to listen`, listens, START_MS);
  return { title, url, process: child, cores: onCores === 'all' ? 2 : 1 };
}

/** Starts the bare route, with the answers that a server gives to one request of each kind. */
export async function startBare(stage: Stage, server: BenchServer, tag: string): Promise<BenchServer> {
  const answers: HardCodedAnswers = {
    create: await answerOf(server, create(tag)),
    lookUp: await answerOf(server, lookUp(tag)),
  };
  const file = join(import.meta.dirname, 'apps', 'bare-server.ts');
  const child = stage.keep(startPinned('server', [...TSX, file], TSX_ENVIRONMENT));
  return { title: 'bare Fastify route', url: await ask<string>(child, answers), process: child };
}

/** Starts a file that measures by itself, on the core of the servers. */
export function startProbe(stage: Stage, file: string): ChildProcess {
  return stage.keep(startPinned('server', [...TSX, file], TSX_ENVIRONMENT));
}

/** What a server answers, less what Node adds to every answer. */
async function answerOf({ url }: BenchServer, request: BenchRequest): Promise<HardCodedAnswer> {
  const { method, path, headers, body } = request;
  const client = new Client(url);
  const answer = await client.call(method, path, { token: null, headers, body });
  client.close();
  const { date: _, connection: __, 'keep-alive': ___, 'content-length': ____, ...own } = answer.headers;
  return { status: answer.status, headers: own as Record<string, string>, text: answer.text };
}
