import { CANDIDATES, type CandidateName } from '../candidates.js';
import { CASES, type CaseName } from '../cases.js';
import { FIGURES } from '../figures.js';
import type { LoadResult } from '../load.js';
import type { Sample } from '../sample.js';
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
    const own = samples.filter((sample) => sample.kind === kind);
    return own.length === 0 ? [] : [tableOf(kind, own)];
  });
}

function tableOf(kind: CaseName, samples: Sample[]): string {
  const { title, connections } = CASES[kind];
  const names = Object.keys(CANDIDATES) as CandidateName[];
  const rows = names.flatMap((name) => {
    const own = samples.filter(({ candidate }) => candidate === name);
    return own.length === 0 ? [] : [loadLine(CANDIDATES[name].title, own)];
  });
  const manner = connections === 1 ? 'one at a time' : `${connections} connections`;
  return `### ${title}, ${manner}\n\n${table(LOAD_TITLES, rows)}`;
}
