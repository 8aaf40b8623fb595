import type { ReplayOptions } from '../../answers/replay.options.js';
import type { Tag } from '../../tag.js';
import type { Task } from '../../task.entity.js';
import type { Outcome, Resource } from '../../task.states.js';
import type { Duplicates } from '../tracked.options.js';

/** What `TasksService.run` records, and what makes one run the same as another: tag, task and parameters. */
export interface RunOptions<Result = unknown> {
  /** The tenant, 1 to 64 characters, without white space at its ends. */
  projectId: string;

  /** The user, at most 64 characters; shown with the task. @default '' */
  userId?: string;

  /**
   * The tag, as a string of bytes (`tagFromText` makes one from a text with other letters than ASCII). `null`: the run is
   * recorded, and never the same as another.
   */
  tag: Tag | null;

  /** The name of the task, 1 to 64 characters, such as `create`. */
  task: string;

  /** The values that are compared: any JSON. Under the same tag, other parameters are another run. @default none */
  parameters?: unknown;

  /** What the work acts on, where that is known before. @default none */
  resource?: Resource | null;

  /**
   * What the same run under the same tag gets:
   *
   * - `refuse`: a `DuplicateRequestError`.
   * - `replay`: the first one's result, which is stored as JSON for this. Without a stored result, because the first one
   *   is still running, or its result was too long or cannot be JSON, it is refused.
   * - `answer`: a result that `answerAgain` makes from the task. While it is not known whether the first one was carried
   *   out, this one waits, at most ten seconds; then it is refused.
   *
   * @default 'refuse'
   */
  duplicates?: Duplicates;

  /** Makes the first result again from its task, with `duplicates: 'answer'`. `null`: it cannot, and this one is refused. */
  answerAgain?: (task: Task) => Result | null | Promise<Result | null>;

  /** The parts of the result that are stored, with `duplicates: 'replay'`. */
  replay?: Omit<ReplayOptions, 'headers'>;

  /**
   * Whether the work ends the task itself, by `TasksService` with its transaction's `manager`. If it throws, or its
   * process dies, then nothing was done, and its tag is free again.
   *
   * @default false
   */
  sameTransaction?: boolean;

  /** The outcome, by the result. If this function throws, the task is `unknown`. @default `success` */
  outcome?: (result: Result) => Outcome;

  /**
   * The outcome of work that threw. `null` leaves it to the module's option, which gets no request here, and `null` there
   * to the default: an `HttpException` with a 4xx status except 408 is a rejection, everything else is `unknown`.
   */
  outcomeOfError?: (error: unknown) => Outcome | null;
}
