/** The states of a task. ARCHITECTURE.md draws them. */
export const TASK_STATES = ['pending', 'processing', 'success', 'failure', 'unknown'] as const;

/** At most so many characters has a state, where the database keeps it as a text. */
export const LONGEST_STATE = 16;

/**
 * - `pending`: recorded; the compute service has not answered yet
 * - `processing`: accepted; the operation is under way
 * - `success`: the operation succeeded
 * - `failure`: rejected, and so never accepted; or accepted, and then failed
 * - `unknown`: not yet known whether it was accepted
 */
export type TaskState = (typeof TASK_STATES)[number];

/** The states of a task that is still open. */
export const OPEN_STATES: readonly TaskState[] = ['pending', 'processing', 'unknown'];

/** Whether a task in this state has ended. */
export function isEnded(state: TaskState): boolean {
  return !OPEN_STATES.includes(state);
}

/** The states in which it is not known yet whether the request was accepted. */
export const UNDECIDED_STATES: readonly TaskState[] = ['pending', 'unknown'];

/** The known outcome of a request. Recording it moves the task to another state. */
export type Outcome =
  | (Accepted & {
      state: 'processing';
      /** When to look again, in epoch milliseconds. @default in a minute */
      lookAgainAt?: number;
    } & WhyOpen)
  | (Accepted & { state: 'success' })
  | (Accepted & { state: 'failure'; fault: Fault })
  /** Refused, or never arrived: it may be sent again under the same tag. */
  | ({ state: 'rejected'; fault: Fault; requestId?: string | null } & Sent)
  | ({ state: 'unknown'; requestId?: string | null } & WhyOpen & Sent);

/** What is told of a task that is still open. */
export interface WhyOpen {
  /** Why, in a sentence for a person; of a longer one, 255 characters are kept. @default a sentence about its state */
  why?: string;
}

/** When a request was handed on. */
export interface Sent {
  /** In epoch milliseconds; `null`: it never was. @default when its handler began */
  sentAt?: number | null;
}

/** When to look again at a task that is under way, if its outcome does not say, in milliseconds. */
export const LOOK_AGAIN_MS = 60_000;

/** What the answer to an accepted request said. Fields that are left out keep their recorded values. */
export interface Accepted extends Sent {
  resource?: Resource;
  /** What the task is about, if there are several subjects; the first one is the subject of `resource`. */
  subjects?: string[];
  /** Request id of the compute service's answer. */
  requestId?: string | null;
}

/** What a task acts on: its kind, and its id. */
export type Resource = Readonly<Record<string, string>>;

/** Why a task failed: an HTTP status, and a text for the user. */
export interface Fault {
  code: number;
  message: string;
}

/** Who ended a task by hand: an administrator who resolved it, or whoever abandoned its tag. */
export interface Resolved {
  /** The user's id. */
  by: string;
  /** Epoch milliseconds. */
  at: number;
  /** In the user's words; `null` without one. */
  reason: string | null;
}

/**
 * The source of an outcome: `answer` is the request's own answer, or whoever does its work; `observation` is a later
 * look.
 */
export type Witness = 'answer' | 'observation';

/**
 * The states that an outcome may be recorded from. Every write of a state is a compare-and-set on these, so the same
 * news does no harm if it comes twice, late, or from two observers.
 *
 * An answer may come after a task was recorded as unknown, or under way. It knows best: a request that it rejects was
 * not accepted, and an id that it contains is the request's.
 */
export function statesBefore(outcome: Outcome, witness: Witness): readonly TaskState[] {
  if (witness === 'answer' && outcome.state === 'rejected') return OPEN_STATES;
  if (witness === 'answer' && outcome.state === 'unknown' && outcome.requestId != null)
    return UNDECIDED_STATES;
  return STATES_BEFORE[outcome.state];
}

const STATES_BEFORE: Readonly<Record<Outcome['state'], readonly TaskState[]>> = {
  unknown: ['pending'],
  rejected: UNDECIDED_STATES,
  // From itself as well: servers of an accepted request may be found one by one.
  processing: OPEN_STATES,
  success: OPEN_STATES,
  failure: OPEN_STATES,
};
