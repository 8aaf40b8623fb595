import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Build, THIS } from '../builds.js';
import { CASE } from '../gateway/cases.js';
import { type GatewayServer, startGateway, startStandIns } from '../gateway/servers.js';
import { ask, stop } from '../pinned.js';
import { atMost, type Row } from '../report/row.js';
import type { Stage } from '../stage.js';
import { rowOf } from './once.js';

const TASKS = 10_000;
const CONNECTIONS = 10_000;

/** Creates under way at the same time. */
const LANES = 32;

/** How long a gateway follows its tasks, and is looked at meanwhile, in milliseconds. */
const FOLLOWED_MS = 20_000;
const LOOK_MS = 500;

const MB = 1024 * 1024;

/** Resident memory of a gateway that follows ten thousand servers being built, with as many clients who say nothing. */
export async function compareMemory(stage: Stage, other: Build): Promise<Row> {
  return rowOf({
    id: 'memory',
    ours: 'gateway, 10,000 open tasks and 10,000 idle connections',
    figure: 'resident memory',
    own: [await memoryOf(stage, THIS)],
    others: [await memoryOf(stage, other)],
    inUnits: (bytes) => `${(bytes / MB).toFixed(0)} MB`,
    target: atMost(0.7),
  });
}

async function memoryOf(stage: Stage, build: Build): Promise<number> {
  const started: ChildProcess[] = [];
  const sockets: Socket[] = [];
  try {
    const { url } = await stage.database('mariadb');
    const standIns = await startStandIns(started);
    await ask(standIns.nova.process, { ask: 'stopMaking' });
    const gateway = await startGateway('info', url, standIns, started, build);
    await makeTasks(gateway);
    while (sockets.length < CONNECTIONS) sockets.push(await idleConnection(gateway));
    const seen: number[] = [];
    for (let waited = 0; waited < FOLLOWED_MS; waited += LOOK_MS) {
      await sleep(LOOK_MS);
      seen.push(residentMemory(gateway.process.pid as number));
    }
    const open = sockets.filter((socket) => !socket.destroyed).length;
    console.log(
      `${build.title}: ${TASKS} tasks, ${open} connections, ${Math.round(Math.max(...seen) / MB)} MB`,
    );
    if (open < CONNECTIONS) throw new Error(`${build.title} has closed ${CONNECTIONS - open} connections.`);
    return Math.max(...seen);
  } finally {
    for (const socket of sockets) socket.destroy();
    for (const child of started) await stop(child);
  }
}

/** Tagged creates, none of which ends. */
async function makeTasks({ url }: GatewayServer): Promise<void> {
  const { method, path, headers, body } = CASE.create.request;
  let made = 0;
  const lane = async () => {
    while (made < TASKS) {
      const tag = `memory-${(made += 1)}`;
      const { status } = await fetch(url + path, { method, headers: { ...headers, 'Task-tag': tag }, body });
      if (status !== 202) throw new Error(`A create was answered ${status}.`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** A client that has asked for something once, and keeps its connection. */
async function idleConnection({ url }: GatewayServer): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write('GET /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n');
  await once(socket, 'data');
  return socket;
}

/** @source proc(5), /proc/pid/status */
function residentMemory(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
