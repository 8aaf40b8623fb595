import { median, type Row, spread, type Target } from '../report/row.js';

/** A figure of this build and of the other one, once for each round. */
export interface Figures {
  id: string;
  ours: string;
  figure: string;
  own: number[];
  others: number[];
  inUnits: (value: number) => string;
  target: Target | null;
}

/** One row of the report. Less is better. */
export function rowOf({ id, ours, figure, own, others, inUnits, target }: Figures): Row {
  return {
    id: `beside-${id}`,
    ours,
    against: 'the other build',
    figure,
    unit: '×',
    ...spread(own.map((value, round) => value / (others[round] as number))),
    absolute: [inUnits(median(own)), inUnits(median(others))],
    target,
    isSteady: false,
    isMoreBetter: false,
  };
}
