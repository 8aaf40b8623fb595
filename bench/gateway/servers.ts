import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { until } from '../../test/support/until.js';
import { type Build, THIS } from '../builds.js';
import { freePort } from '../free-port.js';
import { ask, startPinned } from '../pinned.js';
import type { BareProxy } from './bare-proxy.js';

/** A server that is measured, or that something is asked of. */
export interface GatewayServer {
  name: string;
  url: string;
  process: ChildProcess;
}

/** Where requests go to. */
export interface StandIns {
  nova: GatewayServer;
  keystone: GatewayServer;
}

/** Node's options for a file in TypeScript, from any folder. */
const TSX = ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];

/** Starts the other servers of a cloud. They have the core of the load. */
export async function startStandIns(started: ChildProcess[]): Promise<StandIns> {
  const start = async (name: string, file: string): Promise<GatewayServer> => {
    const child = startFile('load', file, started);
    return { name, url: await ask<string>(child, { ask: 'url' }), process: child };
  };
  return {
    nova: await start('direct', 'stand-in-nova.ts'),
    keystone: await start('Keystone', 'stand-in-keystone.ts'),
  };
}

/** Starts a proxy to compare with. */
export async function startBareProxy(
  { nova }: StandIns,
  started: ChildProcess[],
  { keeps }: Pick<BareProxy, 'keeps'> = { keeps: true },
): Promise<GatewayServer> {
  const child = startFile('server', 'bare-proxy.ts', started);
  const order: BareProxy = { url: nova.url, keeps };
  const name = `@fastify/reply-from${keeps ? '' : ', a connection for each request'}`;
  return { name, url: await ask<string>(child, order), process: child };
}

/** Starts the process that puts load on the servers. */
export function startLoad(started: ChildProcess[]): ChildProcess {
  return startFile('load', 'load.ts', started);
}

/** Starts the built gateway as in production, and waits until it can do its work. */
export async function startGateway(
  logLevel: 'info' | 'warn',
  databaseUrl: string,
  { nova, keystone }: StandIns,
  started: ChildProcess[],
  build: Build = THIS,
): Promise<GatewayServer> {
  const port = await freePort();
  const child = startPinned('server', [join(build.root, 'dist', 'main.js')], {
    NODE_ENV: 'production',
    PORT: String(port),
    LOG_LEVEL: logLevel,
    DATABASE_URL: databaseUrl,
    COMPUTE: 'nova',
    NOVA_URL: nova.url,
    IDENTITY: 'keystone',
    OS_AUTH_URL: `${keystone.url}/v3`,
    OS_USERNAME: 'tasktag',
    OS_PASSWORD: 'stand-in',
    OS_PROJECT_NAME: 'service',
  });
  started.push(child);
  const url = `http://127.0.0.1:${port}`;
  await until('the gateway to be ready', () => {
    if (child.exitCode !== null) throw new Error(`The gateway ended with ${child.exitCode}.`);
    return fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  });
  return { name: `Tasktag, LOG_LEVEL=${logLevel}`, url, process: child };
}

function startFile(core: 'server' | 'load', file: string, started: ChildProcess[]): ChildProcess {
  const child = startPinned(core, [...TSX, join(import.meta.dirname, file)], { NODE_ENV: 'production' });
  started.push(child);
  return child;
}
