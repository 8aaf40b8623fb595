import { setTimeout as pause } from 'node:timers/promises';
import { type DriverError, driverErrorOf } from './driver-error.js';

/** How often a statement is repeated, and the longest pause before that, in milliseconds. */
const RETRIES = 10;
const LONGEST_PAUSE_MS = 500;

/**
 * Repeats a statement that lost a deadlock: the database has undone it, and the winner has finished. A node of a
 * cluster may learn that only after a while, so the pauses grow, and are random so that no two repeats coincide.
 *
 * @param isDeadlock whether an error is a deadlock
 * @param attempt one statement, or one transaction
 */
export async function retryDeadlocks<T>(
  isDeadlock: (error: DriverError) => boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let retry = 0; ; retry += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (retry === RETRIES || !isDeadlock(driverErrorOf(error))) throw error;
    }
    // The first repeat comes at once.
    if (retry > 0) await pause(Math.min(LONGEST_PAUSE_MS, 2 ** (retry + 2)) * (0.5 + Math.random() / 2));
  }
}
