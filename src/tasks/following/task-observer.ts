import type { ExpiredTask } from '../retention/expired-tasks.js';
import type { Task } from '../task.entity.js';
import type { Outcome, Witness } from '../task.states.js';

/**
 * What is known of a task now. `rejected` is a fact: the request was not accepted, and never will be, even if it should
 * still be on its way. `undetermined` says when to ask again.
 */
export interface Observation {
  uuid: string;
  outcome: Outcome | { state: 'undetermined'; lookAgainAt: number };
  /** @default 'observation' */
  witness?: Witness;
}

/** How an observer is asked. */
export interface ObserverTerms {
  /** The most tasks of one question. */
  batch: number;
  /** The most questions at the same time. */
  atOnce: number;
  /** How long a task is nobody else's, in milliseconds: longer than a question may wait, and be answered. */
  leaseMs: number;
  /** The longest pause between two looks at what is due, in milliseconds. */
  pauseMs: number;
}

/** The port to whatever knows how tasks have ended: the host, by its option `settle`, or the server's compute service. */
export interface TaskObserver {
  readonly terms: ObserverTerms;

  /**
   * Observes tasks that are `unknown` or `processing`; one that is left out is asked about again when its lease is over.
   *
   * @param signal aborted at a stop: what is not answered by then is to be given up, where that is possible
   */
  observe(tasks: Task[], signal: AbortSignal): Promise<Observation[]>;

  /**
   * Which of some tasks that ended long enough ago may leave, by their uuids. @default all
   *
   * @param signal aborted at a stop
   */
  mayLeave?(expired: ExpiredTask[], signal: AbortSignal): Promise<string[]>;

  /** Whether old tasks stay while a younger one is undecided; see `PageOptions`. @default false */
  readonly keepsTraces?: boolean;
}

/** Provided by an application that has an observer of its own, beside the option `settle`. */
export const TASK_OBSERVER = Symbol('TASK_OBSERVER');

/** The observer that this application has; `null` when nobody can be asked. */
export const OBSERVER = Symbol('OBSERVER');
