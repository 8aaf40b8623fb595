// npm run bench:curve            what a request and a task cost, by how many tasks there are and how many connections
// npm run bench:curve -- keep    leaves the databases of the tasks: 30 million of them take half an hour to make
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadResult } from '../load.js';
import { measureAt } from '../measure.js';
import { unmetNeeds } from '../needs.js';
import { dropDatabase, ROWS_PER_TAG, SERIES, tasksDatabase } from '../parts/look-up-table.js';
import { machine } from '../report/machine.js';
import { startApp, startTasktag } from '../servers.js';
import { Stage } from '../stage.js';
import { bytesOfTask } from './bytes-of-task.js';
import { curveReport, type Curve, type Point } from './report.js';

/** How many tasks there are. */
const SIZES = [10_000, 1_000_000, 30_000_000];

/** How many requests are under way at the same time. */
const CONNECTIONS = [1, 64, 1000];

/** Of the windows of sizes. */
const USUAL = 64;

const LENGTH = { rounds: 5, seconds: 2 };

const WARM_UP_SECONDS = 8;

const RESULTS = join(import.meta.dirname, '..', 'results');

const nameOf = (tasks: number) => `tasktag_bench_curve_${tasks}`;

/** A window of each point, round by round: the speed of a machine changes, and what is compared is within a round. */
async function measureCurve(stage: Stage): Promise<Curve> {
  const bySize = [];
  for (const tasks of SIZES) {
    console.log(`${tasks.toLocaleString('en')} tasks are made, unless they are there`);
    const url = await tasksDatabase(nameOf(tasks), tasks);
    const title = `${tasks.toLocaleString('en')} tasks`;
    bySize.push({
      at: tasks,
      bytes: await bytesOfTask(nameOf(tasks), tasks),
      handler: await startApp(stage, { title, app: 'tracked.ts' }, url),
      server: await startTasktag(stage, title, url),
      first: [] as LoadResult[],
      lookUp: [] as LoadResult[],
    });
  }
  const byConnections = CONNECTIONS.map((at) => ({ at, first: [] as LoadResult[] }));
  const [small] = bySize;
  for (let round = 0; round <= LENGTH.rounds; round += 1) {
    // Round 0 is not counted, and long: a server that was sent less would be slower for that alone.
    const seconds = round === 0 ? WARM_UP_SECONDS : LENGTH.seconds;
    const measure = async (into: LoadResult[], ...order: Parameters<typeof measureAt>) => {
      const result = await measureAt(...order);
      if (round > 0) into.push(result);
    };
    for (const { at, handler, server, first, lookUp } of bySize) {
      const known = { series: SERIES, tags: Math.floor(at / ROWS_PER_TAG) };
      await measure(first, stage.load, handler, 'first', { connections: USUAL, seconds });
      await measure(lookUp, stage.load, server, 'look-up', { connections: USUAL, seconds, known });
    }
    for (const { at, first } of byConnections)
      if (small !== undefined)
        await measure(first, stage.load, small.handler, 'first', { connections: at, seconds });
    console.log(`round ${round} of ${LENGTH.rounds}`);
  }
  const point = ({ at, bytes, first, lookUp }: Point): Point => ({ at, bytes, first, lookUp });
  return { bySize: bySize.map(point), byConnections, length: LENGTH, machine: await machine() };
}

const stage = new Stage();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stage.interrupt());
try {
  for (const reason of (await unmetNeeds(['mariadb'])).values()) throw new Error(reason);
  const { text, chart } = curveReport(await measureCurve(stage));
  console.log(`\n${text}`);
  writeFileSync(join(RESULTS, 'curve.md'), text);
  writeFileSync(join(RESULTS, 'curve.svg'), chart);
} finally {
  await stage.close();
  if (process.argv[2] !== 'keep') for (const tasks of SIZES) await dropDatabase(nameOf(tasks));
}
