/**
 * Checks that all options are known: one with a typo would be ignored silently.
 *
 * @param whose the start of the message, such as `@Tracked()`
 * @throws TypeError that lists the known options
 */
export function assertKnown(given: object, known: readonly string[], whose: string): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(`${whose} has no option ${unknown}; it has ${[...known].sort().join(', ')}.`);
}
