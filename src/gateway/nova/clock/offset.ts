/**
 * How far another clock is ahead of this one, in milliseconds; below 0 when it is behind. It is known as an interval,
 * since a question and its answer take time.
 */
export interface Offset {
  earliest: number;
  latest: number;
}

/** `Date` has a resolution of whole seconds, in milliseconds. */
const SECOND_MS = 1000;

/**
 * The offset according to the `Date` of an answer.
 *
 * @param asked this server's time when the question was sent, in epoch milliseconds
 * @param answered the same when the answer came
 * @returns `null` without such a header
 */
export function offsetOfDate(
  date: string | string[] | undefined,
  asked: number,
  answered: number,
): Offset | null {
  const theirs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isNaN(theirs) ? null : { earliest: theirs - answered, latest: theirs + SECOND_MS - asked };
}

/** The smallest interval that contains all given ones: several servers of one Nova have clocks of their own. */
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
