import type { Watch } from './watch.js';

/** What a watch adds to a statement besides its key, at most, in characters. */
const BESIDES = 100;

/**
 * The watches that fit into one statement. If there are too many, those with news come first, then those that have not
 * been looked at for longest: the others are for the next rounds.
 *
 * @param most the longest list, in characters
 */
export function fitting(watches: readonly Watch[], most: number): readonly Watch[] {
  // A tag is written in hexadecimal.
  const size = ({ key }: Watch) => 2 * key.length + BESIDES;
  let left = most - watches.reduce((sum, watch) => sum + size(watch), 0);
  if (left >= 0) return watches;
  left = most;
  const since = ({ hasNews, lookedAt }: Watch) => (hasNews ? -Infinity : lookedAt);
  const inTurn = [...watches].sort(
    (one, other) => since(one) - since(other) || one.lookedAt - other.lookedAt,
  );
  const end = inTurn.findIndex((watch) => (left -= size(watch)) < 0);
  return inTurn.slice(0, Math.max(1, end));
}
