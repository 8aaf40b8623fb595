// npx tsx bench/profile.ts <file.cpuprofile> [seconds]
// Where the CPU of the last seconds of a profile went, by package. bench/one.ts says how a profile is made.
import { readFileSync } from 'node:fs';
import { table } from './report/markdown.js';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  /** The node of each sample, and the time since the one before it, in µs. */
  samples: number[];
  timeDeltas: number[];
}

/** Shares below it are told together. */
const LEAST = 0.01;

const [file, seconds = '8'] = process.argv.slice(2);
if (file === undefined) {
  console.log('npx tsx bench/profile.ts <file.cpuprofile> [seconds]');
  process.exit(1);
}
const times = timesByPart(JSON.parse(readFileSync(file, 'utf8')) as Profile, Number(seconds) * 1e6);
times.delete('V8 and C++: (idle)');
const total = [...times.values()].reduce((sum, time) => sum + time, 0);
const parts = [...times].sort(([, one], [, other]) => other - one);
const told = parts.filter(([, time]) => time >= total * LEAST);
const rest = parts.slice(told.length).reduce((sum, [, time]) => sum + time, 0);
const lines = [...told, ['all else', rest] as const].map(([part, time]) => [
  part,
  `${((time / total) * 100).toFixed(1)} %`,
]);
console.log(table(['what', 'of the CPU'], lines));

/** The time that was spent in each part itself, not in what it calls; from the end of the profile back. */
function timesByPart({ nodes, samples, timeDeltas }: Profile, length: number): Map<string, number> {
  const partOf = new Map(nodes.map(({ id, callFrame }) => [id, part(callFrame)]));
  const times = new Map<string, number>();
  let left = length;
  for (let n = samples.length - 1; n >= 0 && left > 0; n -= 1) {
    const [name, time] = [partOf.get(samples[n] as number) ?? '', timeDeltas[n] as number];
    times.set(name, (times.get(name) ?? 0) + time);
    left -= time;
  }
  return times;
}

function part({ functionName, url }: Profile['nodes'][0]['callFrame']): string {
  const packageName = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (packageName !== undefined) return packageName;
  const own = /\/dist\/([^/]+)\//.exec(url)?.[1];
  if (own !== undefined) return `tasktag: ${own}`;
  if (url.startsWith('node:')) return 'Node: ' + (/_http/.test(url) ? 'HTTP' : 'all else');
  return url === '' ? `V8 and C++: ${functionName}` : 'the handler';
}
