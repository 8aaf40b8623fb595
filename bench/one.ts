// One candidate alone, to look into it: see the usage below.
import { asked } from './asked.js';
import type { LoadResult } from './load.js';
import { measureWindow } from './measure.js';
import { unmetNeeds } from './needs.js';
import { Stage } from './stage.js';

const USAGE = `npx tsx bench/one.ts <candidate> [case] [seconds] [options of Node …]
a profile of the server: npx tsx bench/one.ts tracked first 10 --cpu-prof --cpu-prof-dir=/tmp/profiles`;

/** Seconds before what is told; no number that somebody would give. */
const WARM_UP = 1.01;

const { candidate, kind, others } = asked(USAGE, 'first');
const [seconds = '5', ...nodeOptions] = others;

const stage = new Stage();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stage.interrupt());
try {
  for (const reason of (await unmetNeeds(candidate.needs)).values()) throw new Error(reason);
  const server = await candidate.start(stage, { nodeOptions });
  // Twice, since the first time warms it up.
  for (const length of [WARM_UP, Number(seconds)]) {
    await server.before(kind);
    const result = await measureWindow(stage.load, server, kind, length);
    if (length !== WARM_UP) console.log(`${server.title}: ${inWords(result)}`);
  }
} finally {
  await stage.close();
}

function inWords({ answers, seconds: length, serverCpu, loadCpu, p50, p99 }: LoadResult): string {
  const percent = (cpu: number) => `${Math.round((cpu / length) * 100)} %`;
  return (
    `${Math.round(answers / length)} requests/s, ${Math.round((serverCpu / answers) * 1e6)} µs of CPU each, ` +
    `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(1)} ms; the server's core ${percent(serverCpu)} busy, ` +
    `the load's ${percent(loadCpu)}`
  );
}
