/** The longest pause between two looks at a task, in milliseconds. */
const LONGEST_MS = 60_000;

/** When Nova could not be asked, in milliseconds. */
const UNAVAILABLE_MS = 5000;

/**
 * When to look at a task again that is still open: the older it is, the later.
 *
 * @param shortestMs the first pause; longer where notifications are expected to be faster anyway
 */
export function lookAgainAt(startTime: number, now: number, shortestMs: number): number {
  return now + Math.min(Math.max((now - startTime) / 4, shortestMs), LONGEST_MS);
}

/** When to look again after Nova could not be asked. */
export function whenAvailable(now: number): number {
  return now + UNAVAILABLE_MS;
}
