import { setTimeout as pause } from 'node:timers/promises';
import { type DriverError, driverErrorOf } from './driver-error.js';

/** How often a statement is run again, and the longest pause before that, in milliseconds. */
const RETRIES = 10;
const LONGEST_PAUSE_MS = 500;

/**
 * Runs a statement again when it lost a deadlock: the database has undone it, and whoever won is through. At a node of a
 * cluster it may take a while until that has arrived, so later and later, and no two at the same time.
 *
 * @param isDeadlock whether an error says so
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
    // The first one at once.
    if (retry > 0) await pause(Math.min(LONGEST_PAUSE_MS, 2 ** (retry + 2)) * (0.5 + Math.random() / 2));
  }
}
