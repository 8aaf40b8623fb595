// One candidate of this build and of another, in short turns, on a machine that is not quiet: see the usage below.
import { asked } from './asked.js';
import { buildOf, THIS } from './builds.js';
import { measureWindow } from './measure.js';
import { median } from './report/row.js';
import type { Measured } from './servers.js';
import { Stage } from './stage.js';

const USAGE = `npx tsx bench/duel.ts <candidate> <case> <commit> [turns] [options of Node …]
What disturbs a turn makes it dearer, never cheaper: so the cheapest quarter of the turns is compared.`;

/** The length of a turn. */
const SECONDS = 1;

/** Turns that warm both up: the compiler takes that long. */
const WARM_UP = 10;

const { name, candidate, kind, others: more } = asked(USAGE);
const [revision, turns = '24', ...nodeOptions] = more;
if (revision === undefined) throw new Error(`Name a commit: ${USAGE}`);

const stage = new Stage();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stage.interrupt());
try {
  const sides: { title: string; server: Measured; cpu: number[] }[] = [];
  for (const build of [THIS, buildOf(revision)]) {
    const server = await candidate.start(stage, { build, nodeOptions });
    sides.push({ title: build.title, server, cpu: [] });
  }
  for (const { server } of sides) await server.before(kind);
  for (let turn = 0; turn < WARM_UP + Number(turns); turn += 1) {
    for (const { server, cpu } of turn % 2 === 0 ? sides : sides.toReversed()) {
      const { serverCpu, answers } = await measureWindow(stage.load, server, kind, SECONDS);
      if (turn >= WARM_UP) cpu.push((serverCpu / answers) * 1e6);
    }
  }
  const least = sides.map(({ cpu }) => cpu.toSorted((a, b) => a - b).slice(0, Math.ceil(cpu.length / 4)));
  sides.forEach(({ title, cpu }, n) =>
    console.log(
      `${title}: ${median(least[n] as number[]).toFixed(0)} µs of CPU each (median of all: ${median(cpu).toFixed(0)})`,
    ),
  );
  const [own = [], others = []] = least;
  console.log(`${name} ${kind}: ${(median(own) / median(others)).toFixed(2)} ×`);
} finally {
  await stage.close();
}
