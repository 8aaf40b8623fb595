/**
 * Checks that options have no name that is not known: one with a typo would be left out without a word.
 *
 * @param whose how the message begins, such as `@Tracked()`
 * @throws TypeError that lists what is known
 */
export function assertKnown(given: object, known: readonly string[], whose: string): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(`${whose} has no option ${unknown}; it has ${[...known].sort().join(', ')}.`);
}
