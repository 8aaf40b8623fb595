/** What a figure should be. */
export interface Target {
  bound: 'at least' | 'at most';
  value: number;
}

export const atLeast = (value: number): Target => ({ bound: 'at least', value });
export const atMost = (value: number): Target => ({ bound: 'at most', value });

/** One thing against another one, as measured. */
export interface Row {
  /** Stable, for programs. */
  id: string;
  ours: string;
  against: string;
  /** What is compared. */
  figure: string;
  /** Ours as a multiple of the other, or `+ MB` where it is a difference. */
  unit: '×' | 'MB';
  /** The median of the rounds, and the least and the greatest of them. */
  value: number;
  low: number;
  high: number;
  /** Both by themselves, with their unit. */
  absolute: [ours: string, against: string];
  /** Without one, it is told and not judged. */
  target: Target | null;
  /** Whether it is nearly the same in each run, so that a change can be told from noise. */
  isSteady: boolean;
  /** Whether more is better. */
  isMoreBetter: boolean;
}

/** What a part of the benchmark has found. */
export interface Findings {
  rows: Row[];
  /** What was left out, and why. */
  leftOut: string[];
  /** More about it, in Markdown. */
  details: string[];
}

/** Whether a row reaches its target; `null` without one. */
export function isReached({ target, value }: Pick<Row, 'target' | 'value'>): boolean | null {
  if (target === null) return null;
  return target.bound === 'at least' ? value >= target.value : value <= target.value;
}

/** The one in the middle. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? NaN;
  return sorted.length % 2 === 0 ? ((sorted[middle - 1] ?? NaN) + high) / 2 : high;
}

/** The median of some rounds, and how far they are apart. */
export function spread(values: number[]): Pick<Row, 'value' | 'low' | 'high'> {
  return { value: median(values), low: Math.min(...values), high: Math.max(...values) };
}
