import { FIGURES } from '../figures.js';
import type { LoadResult } from '../load.js';
import { loadLine, LOAD_TITLES } from '../report/load-table.js';
import { ratio, table } from '../report/markdown.js';
import { median } from '../report/row.js';
import { lineCharts, type Panel } from './line-chart.js';

/** What was measured where there are `at` tasks, or connections; windows round by round. */
export interface Point {
  at: number;
  first: LoadResult[];
  bytes?: number;
  lookUp?: LoadResult[];
}

/** All that was measured. */
export interface Curve {
  bySize: Point[];
  byConnections: Point[];
  length: { rounds: number; seconds: number };
  machine: string[];
}

const cpu = (results: LoadResult[]) => median(results.map(FIGURES.cpu.of));

/** The tables, and the chart of the same figures. */
export function curveReport({ bySize, byConnections, length, machine }: Curve): {
  text: string;
  chart: string;
} {
  const panels: Panel[] = [
    panel('CPU µs of a request, by how many tasks there are', [
      ['first request', bySize, ({ first }) => cpu(first)],
      ['look-up by tag', bySize, ({ lookUp }) => cpu(lookUp ?? [])],
    ]),
    panel('bytes of a task, by how many there are', [
      ['row and indexes', bySize, ({ bytes }) => bytes ?? NaN],
    ]),
    panel('CPU µs of a first request, by connections', [
      ['first request', byConnections, ({ first }) => cpu(first)],
    ]),
  ];
  const text = [
    '# What a request and a task cost: the curve',
    '`npm run bench:curve`',
    `${machine.map((line) => `- ${line}`).join('\n')}\n- medians of ${length.rounds} rounds of ${length.seconds} s; in brackets the median of the ` +
      'rounds’ ratios to the first line',
    '![The same as a chart](curve.svg)',
    '## By how many tasks there are, 64 connections',
    table(
      ['tasks', 'bytes of a task', 'CPU of a first request', 'of a look-up by tag'],
      bySize.map(({ at, bytes, first, lookUp }) => [
        at.toLocaleString('en'),
        Math.round(bytes ?? NaN).toString(),
        withRatio(first, bySize[0]?.first),
        withRatio(lookUp, bySize[0]?.lookUp),
      ]),
    ),
    table(
      LOAD_TITLES,
      bySize.flatMap(({ at, first, lookUp }) => [
        loadLine(`${at.toLocaleString('en')} tasks, first request`, first),
        loadLine(`${at.toLocaleString('en')} tasks, look-up`, lookUp ?? []),
      ]),
    ),
    '## By connections, on the smallest table',
    table(
      ['connections', 'CPU of a first request'],
      byConnections.map(({ at, first }) => [
        at.toLocaleString('en'),
        withRatio(first, byConnections[0]?.first),
      ]),
    ),
    table(
      LOAD_TITLES,
      byConnections.map(({ at, first }) => loadLine(`${at.toLocaleString('en')} connections`, first)),
    ),
    '',
  ].join('\n\n');
  return { text: text.trimEnd() + '\n', chart: lineCharts('What a request and a task cost', panels) };
}

function panel(title: string, lines: [string, Point[], (point: Point) => number][]): Panel {
  return {
    title,
    lines: lines.map(([name, points, of]) => ({
      name,
      points: points.map((point) => [point.at, of(point)]),
    })),
  };
}

function withRatio(own: LoadResult[] = [], first: LoadResult[] = []): string {
  const ratios = own.map((result, round) => FIGURES.cpu.of(result) / FIGURES.cpu.of(first[round] ?? result));
  return `${Math.round(cpu(own))} µs (${ratio(median(ratios))})`;
}
