import type { Row } from './row.js';

/** What is kept of a row, to compare later runs with. */
export interface KeptRow {
  id: string;
  value: number;
  isMoreBetter: boolean;
}

/** How much worse a ratio may be than the one that is kept: machines differ. */
const MOST = 1.5;

/** The rows that are nearly the same in each run. */
export function keptRows(rows: Row[]): KeptRow[] {
  return rows
    .filter(({ isSteady }) => isSteady)
    .map(({ id, value, isMoreBetter }) => ({ id, value: Number(value.toPrecision(3)), isMoreBetter }));
}

/** The kept rows that were not measured now, and for which nobody has said why. */
export function missingRows(kept: KeptRow[], rows: Pick<Row, 'id'>[], leftOut: string[]): KeptRow[] {
  return kept.filter(
    ({ id }) => !rows.some((row) => row.id === id) && !leftOut.some((line) => line.startsWith(`${id}: `)),
  );
}

/** The kept rows that have become worse by more than a third. What was not measured now is not compared. */
export function worseRows(kept: KeptRow[], rows: Pick<Row, 'id' | 'value'>[]): KeptRow[] {
  return kept.filter(({ id, value, isMoreBetter }) => {
    const now = rows.find((row) => row.id === id)?.value;
    if (now === undefined) return false;
    // Not the other way round: what is no number is worse.
    return !(isMoreBetter ? now >= value / MOST : now <= value * MOST);
  });
}
