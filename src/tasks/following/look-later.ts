import type { Task } from '../task.entity.js';

/** The shortest and the longest pause between two looks at a task, in milliseconds. */
const PAUSE_MS = { min: 1000, max: 600_000 };

/**
 * When to look again at a task of which nothing new is known, in epoch milliseconds: the longer that has been so, the
 * later. So few looks find both an early end and a late one.
 */
export function laterAt({ lastUpdated }: Task, now: number): number {
  return now + Math.min(Math.max(now - lastUpdated, PAUSE_MS.min), PAUSE_MS.max);
}
