import { FIGURES, inUnits } from '../figures.js';
import type { LoadResult } from '../load.js';
import { measureLookUps } from '../measure.js';
import { unmetNeeds } from '../needs.js';
import { loadLine, LOAD_TITLES } from '../report/load-table.js';
import { table } from '../report/markdown.js';
import { atMost, type Findings, median, type Row, spread } from '../report/row.js';
import type { Length } from '../rounds.js';
import { type BenchServer, startTasktag } from '../servers.js';
import type { Stage } from '../stage.js';
import { enlargePool, POOL_GB, whyNoLargePool } from './buffer-pool.js';
import { dropDatabase, LARGE, ROWS_PER_TAG, SERIES, tasksDatabase, whyNoRoom } from './look-up-table.js';

const SMALL = 'tasktag_bench_1k';

/** The sizes that are compared. */
const ROWS = { small: 1000, large: 10_000_000 };

/** Results of the small table and of the large one, round by round. */
interface Results {
  small: LoadResult[];
  large: LoadResult[];
}

/**
 * Looking up by tag among many tasks, and among few, at the stand-alone server: with the buffer pool that the database
 * has, which may be so small that each look-up waits for the disk, and with one that holds the table.
 */
export async function measureLookUp(stage: Stage, length: Length): Promise<Findings> {
  const reason = [...(await unmetNeeds(['mariadb'])).values()][0] ?? (await whyNoRoom());
  if (reason !== null) return { rows: [], leftOut: [`look-up: ${reason}`], details: [] };

  console.log('look-up: ten million tasks are made, unless they are there; this takes some minutes');
  const small = await startTasktag(stage, '1,000 tasks', await tasksDatabase(SMALL, ROWS.small));
  const large = await startTasktag(stage, '10,000,000 tasks', await tasksDatabase(LARGE, ROWS.large));
  const asItIs = await measureBoth(stage, small, large, length);
  const rows = [rowOf('look-up-10m', 'look-up by tag among 10,000,000 tasks', asItIs)];
  const lines = [loadLine(small.title, asItIs.small), loadLine(large.title, asItIs.large)];
  const leftOut: string[] = [];

  const noPool = await whyNoLargePool();
  if (noPool === null) {
    const restore = await enlargePool(LARGE);
    try {
      const inMemory = await measureBoth(stage, small, large, length);
      const title = `the same, in a buffer pool of ${POOL_GB} GB`;
      rows.push(rowOf('look-up-10m-in-memory', title, inMemory));
      lines.push(loadLine(`${large.title}, ${POOL_GB} GB`, inMemory.large));
    } finally {
      await restore();
    }
  } else leftOut.push(`look-up-10m-in-memory: ${noPool}`);

  await dropDatabase(SMALL);
  return {
    rows,
    leftOut,
    details: [`### Look-ups by tag, one at a time\n\n${table(LOAD_TITLES, lines)}`],
  };
}

async function measureBoth(
  stage: Stage,
  small: BenchServer,
  large: BenchServer,
  { rounds, seconds }: Length,
): Promise<Results> {
  const results: Results = { small: [], large: [] };
  const look = (server: BenchServer, rows: number) =>
    measureLookUps(stage.load, server, { series: SERIES, tags: Math.floor(rows / ROWS_PER_TAG) }, seconds);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [size, server] of [
      ['small', small],
      ['large', large],
    ] as const) {
      const result = await look(server, ROWS[size]);
      if (round > 0) results[size].push(result);
    }
  }
  return results;
}

function rowOf(id: string, ours: string, results: Results): Row {
  const p50 = (size: keyof Results) => results[size].map(FIGURES.p50.of);
  return {
    id,
    ours,
    against: 'among 1,000',
    figure: 'p50',
    unit: '×',
    ...spread(p50('large').map((value, round) => value / (p50('small')[round] as number))),
    absolute: [inUnits('p50', median(p50('large'))), inUnits('p50', median(p50('small')))],
    target: atMost(2),
    isSteady: false,
    isMoreBetter: false,
  };
}
