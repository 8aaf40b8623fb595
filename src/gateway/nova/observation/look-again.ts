/** The longest pause between two looks at a task, in milliseconds. */
const LONGEST_MS = 60_000;

/** Age from which a task counts as hanging, in milliseconds; there may be many, and they are looked at less often. */
const HANGING_MS = 3_600_000;

/** The pause between two looks at a hanging task, in milliseconds. */
const HANGING_PAUSE_MS = 600_000;

/** The pause when Nova did not answer, in milliseconds. */
const UNAVAILABLE_MS = 5000;

/**
 * When to look again at an open task: the older it is, the later.
 *
 * @param shortestMs the first pause; longer if notifications are expected to be faster anyway
 */
export function lookAgainAt(startTime: number, now: number, shortestMs: number): number {
  const age = now - startTime;
  return now + (age > HANGING_MS ? HANGING_PAUSE_MS : Math.min(Math.max(age / 4, shortestMs), LONGEST_MS));
}

/** When to look again after Nova did not answer. */
export function whenAvailable(now: number): number {
  return now + UNAVAILABLE_MS;
}
