import { setTimeout as pause } from 'node:timers/promises';
import type { Task } from '../task.entity.js';
import { UNDECIDED_STATES } from '../task.states.js';
import type { WaitLimits } from '../waiting/limits.js';
import type { TaskWaits } from '../waiting/task-waits.js';

/** How often an accepted task is read again, in milliseconds. */
const PAUSE_MS = 500;

/**
 * Waits until more is known about a task from which no answer can be made yet: whether its request was accepted, or, if
 * so, what it made.
 *
 * @returns false when the time is up, or the wait was ended
 */
export async function untilMoreIsKnown(
  waits: TaskWaits,
  { uuid, state }: Task,
  { ms, signal }: Required<WaitLimits>,
): Promise<boolean> {
  if (UNDECIDED_STATES.includes(state)) return waits.untilDecided(uuid, { ms, signal });
  await pause(Math.min(ms, PAUSE_MS), undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}
