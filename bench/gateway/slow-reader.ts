import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { until } from '../../test/support/until.js';
import { ask } from '../pinned.js';
import { CASE } from './cases.js';
import type { GatewayServer } from './servers.js';

const MB = 1024 * 1024;

/** Far more than may be kept in memory. */
const ANSWER_MB = 256;

/** What becomes of a long answer whose reader stops. */
export interface SlowReading {
  answerMb: number;
  /** How much of it the upstream got rid of. */
  takenMb: number;
  /** By how much the server's memory grew meanwhile, and by how much at most until all was read. */
  grownMb: number;
  peakMb: number;
}

/** Asks for a long answer, stops reading until nothing moves any more, then reads the rest. */
export async function readSlowly(server: GatewayServer, nova: GatewayServer): Promise<SlowReading> {
  const sent = () => ask<number>(nova.process, { ask: 'largeBytesSent' });
  const memory = () => residentMb(server.process.pid as number);
  const { headers } = CASE.large.request;
  const [sentBefore, memoryBefore] = [await sent(), memory()];

  const request = get(`${server.url}/v2.1/large?bytes=${ANSWER_MB * MB}`, { headers });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.pause();
  let last = -1;
  let unchanged = 0;
  const taken = await until('the upstream to be held up', async () => {
    const now = await sent();
    unchanged = now === last ? unchanged + 1 : 0;
    last = now;
    return unchanged >= 10 && now - sentBefore;
  });
  const held = memory();

  let peak = held;
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes % (8 * MB) < chunk.length) peak = Math.max(peak, memory());
  });
  response.resume();
  await once(response, 'close');
  if (bytes !== ANSWER_MB * MB) throw new Error(`${server.name} sent ${bytes} bytes of a long answer.`);
  return {
    answerMb: ANSWER_MB,
    takenMb: taken / MB,
    grownMb: held - memoryBefore,
    peakMb: peak - memoryBefore,
  };
}

function residentMb(pid: number): number {
  const [, kb] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kb) / 1024;
}
