import type { Resource } from '../../../tasks/task.states.js';
import type { Observation, ObservedTask } from '../../compute.service.js';
import type { NovaQueries } from '../reader/nova-queries.js';
import { lookAgainAt } from './look-again.js';
import type { ServerViews } from './server-views.js';

/** A task that is observed; what it acts on tells the image of a snapshot. */
export type FollowedTask = ObservedTask & { resource?: Resource | null };

export type Outcome = Observation['outcome'];

/** One look at a batch of tasks. */
export interface Look {
  queries: NovaQueries;
  servers: ServerViews;
  /** When it began, in epoch milliseconds. */
  now: number;
  /** The shortest pause until the next one, in milliseconds. */
  shortestMs: number;
}

/** Nothing new is known of a task: look again at a time. */
export function stillOpen({ state }: ObservedTask, at: number): Outcome {
  return { state: state === 'processing' ? 'processing' : 'undetermined', lookAgainAt: at };
}

/** Nothing new is known of a task: look again, the later the older it is. */
export function lookLater(task: ObservedTask, { now, shortestMs }: Look): Outcome {
  return stillOpen(task, lookAgainAt(task.startTime, now, shortestMs));
}
