import { CASES, type CaseName } from '../cases.js';
import { FIGURES } from '../figures.js';
import type { LoadResult } from '../load.js';
import type { Sample } from '../sample.js';
import { titleOf } from '../side.js';
import { table } from './markdown.js';
import { median } from './row.js';

const SHOWN = ['rate', 'cpu', 'p50', 'p99'] as const;

/** What `loadLine` has. */
export const LOAD_TITLES = [
  '',
  ...SHOWN.map((figure) => `${FIGURES[figure].title}${FIGURES[figure].unit.replace('/s', '')}`),
  'cores of the server busy',
  'of the load',
];

/** One line of a table: the medians of some windows. */
export function loadLine(title: string, results: LoadResult[]): string[] {
  const share = (of: (result: LoadResult) => number) =>
    `${Math.round(median(results.map((result) => of(result) / result.seconds)) * 100)} %`;
  return [
    title,
    ...SHOWN.map((figure) => median(results.map(FIGURES[figure].of)).toFixed(FIGURES[figure].digits)),
    share(({ serverCpu, cores }) => serverCpu / cores),
    share(({ loadCpu }) => loadCpu),
  ];
}

/** All candidates under all kinds of load, by themselves. */
export function loadTables(samples: Sample[]): string[] {
  const kinds = Object.keys(CASES) as CaseName[];
  return kinds.flatMap((kind) => {
    const own = samples.filter((sample) => sample.side[1] === kind);
    return own.length === 0 ? [] : [tableOf(kind, own)];
  });
}

function tableOf(kind: CaseName, samples: Sample[]): string {
  const { title: load, connections } = CASES[kind];
  const titles = [...new Set(samples.map(({ side }) => titleOf(side)))];
  const rows = titles.map((title) =>
    loadLine(
      title,
      samples.filter(({ side }) => titleOf(side) === title),
    ),
  );
  const manner = connections === 1 ? 'one at a time' : `${connections} connections`;
  return `### ${load}, ${manner}\n\n${table(LOAD_TITLES, rows)}`;
}
