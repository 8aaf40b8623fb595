import type { Observation, ObservedTask } from '../../../compute/compute.service.js';
import type { NovaQueries } from '../reader/nova-queries.js';
import { lookAgainAt } from './look-again.js';
import type { ServerViews } from './server-views.js';

/** The finding of one look at a task. */
export type Finding = Observation['outcome'];

/** One look at a batch of tasks. */
export interface Look {
  queries: NovaQueries;
  servers: ServerViews;
  /** When it began, in epoch milliseconds. */
  now: number;
  /** How far Nova's times may differ from this server's, in milliseconds. */
  skewMs: number;
  /** How far Nova's clock is at least ahead of this one, in milliseconds; 0 when they agree. */
  aheadMs: number;
  /** Whether Nova's clock is known. */
  isTimeKnown: boolean;
  /** The shortest pause until the next one, in milliseconds. */
  shortestMs: number;
}

/** Nothing new is known about a task: look again at the given time. */
export function stillOpen({ state }: ObservedTask, at: number, why: string): Finding {
  return { state: state === 'processing' ? 'processing' : 'undetermined', lookAgainAt: at, why };
}

/** Nothing new is known about a task: look again, the later the longer that has been so. */
export function lookLater(task: ObservedTask, { now, shortestMs }: Look, why: string): Finding {
  // A task that was found accepted long after it was sent may still end soon.
  const since = task.state === 'processing' ? task.lastUpdated : task.startTime;
  return stillOpen(task, lookAgainAt(since, now, shortestMs), why);
}
