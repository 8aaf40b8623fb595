/**
 * By how much another clock is ahead of this one, in milliseconds; below 0 when it is behind. What is known of it is an
 * interval: a question and its answer take their time.
 */
export interface Offset {
  earliest: number;
  latest: number;
}

/** `Date` tells whole seconds, in milliseconds. */
const SECOND_MS = 1000;

/**
 * What the `Date` of an answer tells.
 *
 * @param asked this server's time when the question went out, in epoch milliseconds
 * @param answered the same when the answer came
 * @returns `null` for no such header
 */
export function offsetOfDate(
  date: string | string[] | undefined,
  asked: number,
  answered: number,
): Offset | null {
  const theirs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isNaN(theirs) ? null : { earliest: theirs - answered, latest: theirs + SECOND_MS - asked };
}

/** The least interval that has all of some in it: several servers of one Nova have clocks of their own. */
export function hullOf(offsets: readonly Offset[]): Offset | null {
  if (offsets.length === 0) return null;
  return {
    earliest: Math.min(...offsets.map(({ earliest }) => earliest)),
    latest: Math.max(...offsets.map(({ latest }) => latest)),
  };
}

/** How far two clocks may be apart, in milliseconds. */
export function reachOf({ earliest, latest }: Offset): number {
  return Math.max(Math.abs(earliest), Math.abs(latest));
}
