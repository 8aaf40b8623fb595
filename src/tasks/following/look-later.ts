import type { Task } from '../task.entity.js';

/** The shortest and the longest pause between two looks at a task, in milliseconds. */
const PAUSE_MS = { min: 1000, max: 600_000 };

/**
 * When to look again at a task without news, in epoch milliseconds: the older its last news, the later. So a few looks
 * find both an early end and a late one.
 */
export function laterAt({ lastUpdated }: Task, now: number): number {
  return now + Math.min(Math.max(now - lastUpdated, PAUSE_MS.min), PAUSE_MS.max);
}
