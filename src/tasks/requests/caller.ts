import type { NewTask } from '../recording/new-task.js';
import type { Task } from '../task.entity.js';
import type { Refusal } from '../task.errors.js';
import type { TrackedOptions } from './tracked.options.js';

/** What becomes of a tracked request. */
export type Admitted =
  /** It is recorded, and is to be carried out. */
  | { is: 'recorded'; task: Task }
  /** It is carried out without a record, as the option `unrecorded` allows. */
  | { is: 'unrecorded' }
  | Answered;

/** What a request gets that is the same as an earlier one. */
export type Answered =
  /** The earlier one's answer, as this value. */
  | { is: 'answered'; value: unknown }
  /** The same, and the answer has been sent. */
  | { is: 'sent' };

/** Where a request has come from, and how it is answered there: by HTTP, or by a value. */
export interface Caller {
  /** What the handler's options get. */
  readonly request: unknown;
  /** Whether it may go on without a record, as the option `unrecorded` allows. */
  readonly mayPass: boolean;
  /** The request was recorded, and its tag has taken effect. */
  recorded(task: Task): void;
  /** It could not be recorded, or its tag is taken. */
  notRecorded(newTask: NewTask, error: unknown): void;
  /** It is refused because of its tag. */
  refused(error: Refusal): void;
  /** The stored answer of an earlier request; `null` without one. */
  replay(first: Task): Promise<Answered | null>;
  /** The answer that the handler's options make from the task of an earlier request; `null` when they cannot. */
  again(first: Task, tracked: TrackedOptions<unknown>): Promise<Answered | null>;
  /** Aborted when nobody waits for the answer any more. */
  untilGone(): AbortSignal;
}
