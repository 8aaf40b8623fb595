/** The states of a task. ARCHITECTURE.md draws them. */
export const TASK_STATES = ['pending', 'processing', 'success', 'failure', 'unknown'] as const;

/**
 * - `pending`: recorded; the compute service has not answered yet
 * - `processing`: accepted; the operation is under way
 * - `success`: the operation ended well
 * - `failure`: rejected, and so never accepted; or accepted and ended badly
 * - `unknown`: whether it was accepted is being found out
 */
export type TaskState = (typeof TASK_STATES)[number];

/** The states of a task that has not ended. */
export const OPEN_STATES: readonly TaskState[] = ['pending', 'processing', 'unknown'];

/** The states of a task of which it is not known yet whether its request was accepted. */
export const UNDECIDED_STATES: readonly TaskState[] = ['pending', 'unknown'];

/** What became of a request, as far as is known. Recording it moves the task to another state. */
export type Outcome =
  | (Accepted & {
      state: 'processing';
      /** When to look again, in epoch milliseconds. @default in a minute */
      lookAgainAt?: number;
    })
  | (Accepted & { state: 'success' })
  | (Accepted & { state: 'failure'; fault: Fault })
  /** Refused, or never arrived: it may be sent again under the same tag. */
  | { state: 'rejected'; fault: Fault; requestId?: string | null }
  | { state: 'unknown'; requestId?: string | null };

/** When to look again at a task that is under way and of which nothing else is said, in milliseconds. */
export const LOOK_AGAIN_MS = 60_000;

/** What the answer of an accepted request told; what is left out stays as it is recorded. */
export interface Accepted {
  resource?: Resource;
  /** What it is about, when that is several; the first one is the subject of `resource`. */
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

/** Who tells of a task: the answer to the request itself, or who does its work; or whoever found out later. */
export type Witness = 'answer' | 'observation';

/**
 * The states that an outcome may be recorded from. Every write of a state is a compare-and-set on these, so that
 * the same news twice, late, or from two observers does no harm.
 *
 * An answer may come after a task was found to be unknown, or under way. It knows best: what it rejects was not
 * accepted, and an id that it has is the request's.
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
  // Again from itself: servers of an accepted request may be found one by one.
  processing: OPEN_STATES,
  success: OPEN_STATES,
  failure: OPEN_STATES,
};
