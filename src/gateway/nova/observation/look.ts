import type { Observation, ObservedTask } from '../../../compute/compute.service.js';
import type { NovaQueries } from '../reader/nova-queries.js';
import { lookAgainAt } from './look-again.js';
import type { ServerViews } from './server-views.js';

/** What one look has found out about a task. */
export type Finding = Observation['outcome'];

/** One look at a batch of tasks. */
export interface Look {
  queries: NovaQueries;
  servers: ServerViews;
  /** When it began, in epoch milliseconds. */
  now: number;
  /** How far Nova's times may differ from this server's, in milliseconds. */
  skewMs: number;
  /** By how much Nova's clock is ahead of this one at least, in milliseconds; 0 when they agree. */
  aheadMs: number;
  /** Whether that is known. */
  isTimeKnown: boolean;
  /** The shortest pause until the next one, in milliseconds. */
  shortestMs: number;
}

/** Nothing new is known of a task: look again at a time. */
export function stillOpen({ state }: ObservedTask, at: number): Finding {
  return { state: state === 'processing' ? 'processing' : 'undetermined', lookAgainAt: at };
}

/** Nothing new is known of a task: look again, the later the longer that has been so. */
export function lookLater(task: ObservedTask, { now, shortestMs }: Look): Finding {
  // One that was found to be accepted long after it was sent may end soon all the same.
  const since = task.state === 'processing' ? task.lastUpdated : task.startTime;
  return stillOpen(task, lookAgainAt(since, now, shortestMs));
}
