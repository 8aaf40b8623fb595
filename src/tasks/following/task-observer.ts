import type { ExpiredTask } from '../retention/expired-tasks.js';
import type { Task } from '../task.entity.js';
import type { Outcome, WhyOpen, Witness } from '../task.states.js';

/**
 * What is known about a task now. `rejected` is a fact: the request was not accepted, and never will be, even if it is
 * still on its way. `undetermined` says when to ask again.
 */
export interface Observation {
  uuid: string;
  outcome: Outcome | ({ state: 'undetermined'; lookAgainAt: number } & WhyOpen);
  /** @default 'observation' */
  witness?: Witness;
}

/** The terms on which an observer is asked. */
export interface ObserverTerms {
  /** The most tasks of one question. */
  batch: number;
  /** The most questions at the same time. */
  atOnce: number;
  /** How long no other process takes a task, in milliseconds: longer than a question may wait, and be answered. */
  leaseMs: number;
  /** The longest pause between two looks at due tasks, in milliseconds. */
  pauseMs: number;
}

/**
 * The port to the system that knows how tasks ended: the host, by its option `settle`, or the server's compute service.
 */
export interface TaskObserver {
  readonly terms: ObserverTerms;

  /**
   * Observes tasks that are `unknown` or `processing`; one that is left out is asked about again when its lease is over.
   *
   * @param signal aborted at a stop: unanswered questions should then be given up, where possible
   */
  observe(tasks: Task[], signal: AbortSignal): Promise<Observation[]>;

  /**
   * Returns which of some expired tasks may be dropped, by their uuids. @default all
   *
   * @param signal aborted at a stop
   */
  mayLeave?(expired: ExpiredTask[], signal: AbortSignal): Promise<string[]>;

  /** Whether old tasks stay while a younger one is undecided; see `ExpiredPageOptions`. @default false */
  readonly keepsTraces?: boolean;
}

/** Provided by an application that has an observer of its own, in place of the option `settle`. */
export const TASK_OBSERVER = Symbol('TASK_OBSERVER');

/** The observer of this application; `null` when there is none. */
export const OBSERVER = Symbol('OBSERVER');
