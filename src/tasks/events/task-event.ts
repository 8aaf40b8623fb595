import type { Task } from '../task.entity.js';
import type { Outcome } from '../task.states.js';

/** A request that was refused because of its tag. */
export interface RefusedRequest {
  /** The code of the error: `DUPLICATE_REQUEST`, `TAG_IN_USE` or `TAG_ABANDONED`. */
  code: string;
  /** The task that came first: that of the earlier request, or of the abandonment. */
  first: Task;
}

/** A task that has moved on. */
export interface SettledTask {
  uuid: string;
  /** `processing`: it was accepted, and goes on. `rejected`: it was not accepted. */
  state: Outcome['state'];
}

/** What happens to tasks in this process, and what a listener gets. */
export interface TaskEvents {
  /** A request, or other work, is on record, and is about to be carried out. */
  recorded: Task;
  /** A request was refused because of its tag. */
  refused: RefusedRequest;
  /** A repeated request gets the answer of the first one, whose task this is. */
  answered: Task;
  /** The outcome of a task is on record: committed, also with the transaction of a host. */
  settled: SettledTask;
  /** It is not known what became of a task, such as after its process has died. It was `settled`, too. */
  unknown: SettledTask;
  /** Tasks were removed because of their age. */
  swept: { uuids: readonly string[] };
}

/** The names of events. */
export const TASK_EVENTS = ['recorded', 'refused', 'answered', 'settled', 'unknown', 'swept'] as const;
