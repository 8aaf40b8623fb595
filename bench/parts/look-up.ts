import { FIGURES, inUnits } from '../figures.js';
import type { LoadResult } from '../load.js';
import { measureLookUps } from '../measure.js';
import { unmetNeeds } from '../needs.js';
import { loadLine, LOAD_TITLES } from '../report/load-table.js';
import { table } from '../report/markdown.js';
import { atMost, type Findings, median, spread } from '../report/row.js';
import type { Length } from '../rounds.js';
import { type BenchServer, startTasktag } from '../servers.js';
import type { Stage } from '../stage.js';
import { dropDatabase, LARGE, ROWS_PER_TAG, SERIES, tasksDatabase, whyNoRoom } from './look-up-table.js';

const SMALL = 'tasktag_bench_1k';

/** The sizes that are compared. */
const ROWS = { small: 1000, large: 10_000_000 };

/** Looking up by tag among many tasks, and among few, at the stand-alone server. */
export async function measureLookUp(stage: Stage, { rounds, seconds }: Length): Promise<Findings> {
  const reason = [...(await unmetNeeds(['mariadb'])).values()][0] ?? (await whyNoRoom());
  if (reason !== null) return { rows: [], leftOut: [`look-up: ${reason}`], details: [] };

  console.log('look-up: ten million tasks are made, unless they are there; this takes some minutes');
  const small = await startTasktag(stage, '1,000 tasks', await tasksDatabase(SMALL, ROWS.small));
  const large = await startTasktag(stage, '10,000,000 tasks', await tasksDatabase(LARGE, ROWS.large));
  const results = { small: [] as LoadResult[], large: [] as LoadResult[] };
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
  await dropDatabase(SMALL);
  const p50 = (size: keyof typeof results) => results[size].map(FIGURES.p50.of);
  const row = {
    id: 'look-up-10m',
    ours: 'look-up by tag among 10,000,000 tasks',
    against: 'among 1,000',
    figure: 'p50',
    unit: '×' as const,
    ...spread(p50('large').map((value, round) => value / (p50('small')[round] as number))),
    absolute: [inUnits('p50', median(p50('large'))), inUnits('p50', median(p50('small')))] as [
      string,
      string,
    ],
    target: atMost(2),
    isSteady: false,
    isMoreBetter: false,
  };
  const lines = [loadLine(small.title, results.small), loadLine(large.title, results.large)];
  return {
    rows: [row],
    leftOut: [],
    details: [`### Look-ups by tag, one at a time\n\n${table(LOAD_TITLES, lines)}`],
  };
}
