import type { LoadResult } from './load.js';

/** What is told of a window. */
export interface Figure {
  title: string;
  isMoreBetter: boolean;
  of: (result: LoadResult) => number;
  digits: number;
  unit: string;
}

/** The figures that are compared. */
export const FIGURES = {
  rate: {
    title: 'requests/s',
    isMoreBetter: true,
    of: ({ answers, seconds }) => answers / seconds,
    digits: 0,
    unit: '/s',
  },
  cpu: {
    title: 'CPU per request',
    isMoreBetter: false,
    of: ({ serverCpu, answers }) => (serverCpu / answers) * 1e6,
    digits: 0,
    unit: ' µs',
  },
  p50: { title: 'p50', isMoreBetter: false, of: ({ p50 }) => p50, digits: 2, unit: ' ms' },
  p99: { title: 'p99', isMoreBetter: false, of: ({ p99 }) => p99, digits: 1, unit: ' ms' },
  /** Requests in a second in which all its cores do nothing else: what load and database take of them is left out. */
  capacity: {
    title: 'requests per second of its cores',
    isMoreBetter: true,
    of: ({ answers, serverCpu, cores }) => (answers / serverCpu) * cores,
    digits: 0,
    unit: '/s',
  },
} as const satisfies Record<string, Figure>;

export type FigureName = keyof typeof FIGURES;

/** A figure with its unit. */
export function inUnits(name: FigureName, value: number): string {
  const { digits, unit } = FIGURES[name];
  return `${value.toFixed(digits)}${unit}`;
}
