import { type Build, THIS } from './builds.js';
import { type Candidate, CANDIDATES } from './candidates.js';
import { CASES } from './cases.js';
import type { Comparison } from './comparisons.js';
import { FIGURES, inUnits } from './figures.js';
import { measureWindow } from './measure.js';
import { unmetNeeds } from './needs.js';
import { loadTables } from './report/load-table.js';
import { type Findings, median, type Row, spread } from './report/row.js';
import type { Sample } from './sample.js';
import type { Measured } from './servers.js';
import { type Side, titleOf } from './side.js';
import type { Stage } from './stage.js';

/** How long is measured. */
export interface Length {
  rounds: number;
  /** Of a window. */
  seconds: number;
  /** Whether what has no target, and is not compared with earlier runs, is left out. @default false */
  isShort?: boolean;
}

/**
 * Measures all candidates of some comparisons, interleaved: one round has one window of each, one after the other. The
 * speed of a machine changes from round to round, and a round's ratios do not.
 */
export async function compare(
  stage: Stage,
  comparisons: Comparison[],
  { rounds, seconds }: Length,
  other: Build = THIS,
): Promise<Findings> {
  const { possible, leftOut } = await whatIsPossible(comparisons);
  const windows = windowsOf(possible);
  const running = await startAll(stage, windows, other);
  const samples: Sample[] = [];
  // Round 0 warms everything up, and is not counted. Each second round goes the other way round, so that what comes
  // before a window is not always the same.
  for (let round = 0; round <= rounds; round += 1) {
    for (const side of round % 2 === 1 ? windows : windows.toReversed()) {
      const [, kind] = side;
      const server = running.get(titleOf(side)) as Measured;
      await server.before(kind);
      const result = await measureWindow(stage.load, server, kind, round === 0 ? seconds / 2 : seconds);
      if (round > 0) samples.push({ round, side, ...result });
    }
    if (round > 0) console.log(`round ${round} of ${rounds}: ${windows.length} windows`);
  }
  const rows = possible.map((comparison) => rowOf(comparison, samples));
  return { rows, leftOut, details: loadTables(samples) };
}

/** All at once: starting is mostly waiting. */
async function startAll(stage: Stage, sides: Side[], other: Build): Promise<Map<string, Measured>> {
  const servers = [...new Map(sides.map((side) => [titleOf(side), side]))];
  const started = await Promise.allSettled(
    servers.map(([, [name, , build]]) => {
      const candidate: Candidate = CANDIDATES[name];
      return candidate.start(stage, { build: build === 'other' ? other : THIS });
    }),
  );
  return new Map(
    started.map((result, n) => {
      // Only now: all that was started is known, and will be ended.
      if (result.status === 'rejected') throw result.reason;
      return [servers[n]?.[0] as string, result.value];
    }),
  );
}

function windowsOf(comparisons: Comparison[]): Side[] {
  const sides = comparisons.flatMap(({ ours, against }) => [against, ours]);
  return [...new Map(sides.map((side) => [side.join(' '), side])).values()];
}

async function whatIsPossible(comparisons: Comparison[]) {
  const needsOf = ({ ours, against }: Comparison) =>
    [ours, against].flatMap(([name]) => (CANDIDATES[name] as Candidate).needs);
  const unmet = await unmetNeeds(comparisons.flatMap(needsOf));
  const reasonOf = (comparison: Comparison) => needsOf(comparison).find((need) => unmet.has(need));
  return {
    possible: comparisons.filter((comparison) => reasonOf(comparison) === undefined),
    leftOut: comparisons.flatMap((comparison) => {
      const need = reasonOf(comparison);
      return need === undefined ? [] : [`${comparison.id}: ${unmet.get(need)}`];
    }),
  };
}

function rowOf({ id, ours, against, figure, target, isSteady }: Comparison, samples: Sample[]): Row {
  const { title, isMoreBetter, of } = FIGURES[figure];
  const valuesOf = (side: Side) => samples.filter((sample) => sample.side.join() === side.join()).map(of);
  const names = inWords(ours, against);
  const [own, others] = [valuesOf(ours), valuesOf(against)];
  return {
    id,
    ours: names[0],
    against: names[1],
    figure: title,
    unit: '×',
    ...spread(own.map((value, round) => value / (others[round] as number))),
    absolute: [inUnits(figure, median(own)), inUnits(figure, median(others))],
    target,
    isSteady,
    isMoreBetter,
  };
}

/** What both have in common is said once. */
function inWords(ours: Side, against: Side): [ours: string, against: string] {
  const [name, kind] = ours;
  const [otherName, otherKind, build] = against;
  const own = `${CANDIDATES[name].title}, ${CASES[kind].title}`;
  const otherLoad = CASES[otherKind].title;
  if (build === 'other') return [own, 'the other build'];
  if (kind === otherKind) return [own, titleOf(against)];
  return [own, name === otherName ? otherLoad : `${titleOf(against)}, ${otherLoad}`];
}
