// One candidate alone, to look into it: see the usage below.
import { type Candidate, CANDIDATES } from './candidates.js';
import { CASES } from './cases.js';
import type { LoadResult } from './load.js';
import { measureWindow } from './measure.js';
import { unmetNeeds } from './needs.js';
import { Stage } from './stage.js';

const USAGE = `npx tsx bench/one.ts <candidate> [case] [seconds] [options of Node …]
candidates: ${Object.keys(CANDIDATES).join(', ')}
cases: ${Object.keys(CASES).join(', ')}
a profile of the server: npx tsx bench/one.ts tracked first 10 --cpu-prof --cpu-prof-dir=/tmp/profiles`;

/** Seconds before what is told; no number that somebody would give. */
const WARM_UP = 1.01;

const [name = '', kind = 'first', seconds = '5', ...nodeOptions] = process.argv.slice(2);
if (!isOne(CANDIDATES, name) || !isOne(CASES, kind)) {
  console.log(USAGE);
  process.exit(1);
}

const stage = new Stage();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stage.interrupt());
try {
  const candidate: Candidate = CANDIDATES[name];
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

function isOne<Names extends object>(names: Names, name: string): name is keyof Names & string {
  return name in names;
}

function inWords({ answers, seconds: length, serverCpu, loadCpu, p50, p99 }: LoadResult): string {
  const percent = (cpu: number) => `${Math.round((cpu / length) * 100)} %`;
  return (
    `${Math.round(answers / length)} requests/s, ${Math.round((serverCpu / answers) * 1e6)} µs of CPU each, ` +
    `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(1)} ms; the server's core ${percent(serverCpu)} busy, ` +
    `the load's ${percent(loadCpu)}`
  );
}
