import { CANDIDATES } from '../candidates.js';
import type { Memory } from '../apps/serve.js';
import { sendSome } from '../measure.js';
import { unmetNeeds } from '../needs.js';
import { ask } from '../pinned.js';
import { table } from '../report/markdown.js';
import { atMost, type Findings, type Row } from '../report/row.js';
import type { Stage } from '../stage.js';

/** After how many requests the memory is looked at. */
const STEPS = [10_000, 50_000, 100_000, 250_000, 500_000, 750_000, 1_000_000];

/** Requests between two times that the table is emptied: a small one is fast. */
const LOT = 50_000;

const MB = 1024 * 1024;

/** Whether memory stays as it is, however many requests there were. */
export async function measureMemory(stage: Stage): Promise<Findings> {
  const { tracked } = CANDIDATES;
  const [reason] = (await unmetNeeds(tracked.needs)).values();
  if (reason !== undefined) return { rows: [], leftOut: [`memory: ${reason}`], details: [] };

  const server = await tracked.start(stage, { nodeOptions: ['--expose-gc'] });
  const seen: { requests: number; memory: Memory }[] = [];
  let requests = 0;
  for (const step of STEPS) {
    while (requests < step) {
      const lot = Math.min(LOT, step - requests);
      await server.before('first');
      await sendSome(stage.load, server, 'first', lot);
      requests += lot;
    }
    seen.push({ requests, memory: await ask<Memory>(server.process, { ask: 'memory' }) });
    console.log(`memory: ${requests} requests`);
  }
  return {
    rows: [rowOf('rss', 'resident memory', seen), rowOf('heapUsed', 'heap in use', seen)],
    leftOut: [],
    details: [details(seen)],
  };
}

type Seen = { requests: number; memory: Memory }[];

function rowOf(kind: keyof Memory, figure: string, seen: Seen): Row {
  const [first, last] = [seen[0]?.memory[kind] ?? NaN, seen.at(-1)?.memory[kind] ?? NaN];
  const grown = (last - first) / MB;
  return {
    id: `memory-${kind.toLowerCase()}`,
    ours: '`@Tracked()` after 1,000,000 requests',
    against: 'after 10,000',
    figure,
    unit: 'MB',
    value: grown,
    low: grown,
    high: grown,
    absolute: [`${(last / MB).toFixed(0)} MB`, `${(first / MB).toFixed(0)} MB`],
    target: atMost(20),
    isSteady: false,
    isMoreBetter: false,
  };
}

function details(seen: Seen): string {
  const rows = seen.map(({ requests, memory }) => [
    requests.toLocaleString('en'),
    ...[memory.rss, memory.heapUsed].map((bytes) => `${(bytes / MB).toFixed(1)} MB`),
  ]);
  return `### Memory of \`@Tracked()\`\n\n${table(['requests', 'resident memory', 'heap in use'], rows, 0)}`;
}
