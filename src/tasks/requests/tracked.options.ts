import type { ReplayOptions } from '../answers/replay.options.js';
import type { Outcome, Resource } from '../task.states.js';

/** Options of `@Tracked()`: what the requests of a handler do, and how their outcomes are read. */
export interface TrackedOptions<Answer, Request = unknown> {
  /**
   * The name of the task, 1 to 64 characters, such as `create`. It may throw for a request that does nothing known: then
   * nothing is recorded.
   */
  task: (request: Request) => string;

  /** The resource that the request acts on, where the request names it. @default none */
  resource?: (request: Request) => Resource | null;

  /**
   * The outcome of the request, by the handler's answer. If this function throws, the task is `unknown`.
   *
   * @default by the status: 202 is `processing` until `TasksService` is given the end, other 2xx and 3xx are `success`.
   * If the handler sends its answer itself, 4xx except 408 is a rejection, and the rest is `unknown`
   */
  outcome?: (answer: Answer, request: Request) => Outcome;

  /**
   * The outcome of a request whose handler threw. `null` leaves it to the module's option, and `null` there to the
   * default: an `HttpException` with a 4xx status except 408 is a rejection, everything else is `unknown`.
   */
  outcomeOfError?: (error: unknown, request: Request) => Outcome | null;

  /**
   * The values to compare instead of the request's body: any JSON, or a promise of it. If this function throws, or
   * returns a value that JSON cannot represent, such as a `Map`, nothing is recorded or done.
   *
   * @default the module's option
   */
  parameters?: (request: Request) => unknown;

  /**
   * The answer to the same request under the same tag: 409 with the task of the original request, or the original answer
   * again. Without a stored answer, because the request is still running, or its answer was a stream or too long, it is
   * 409 in any case.
   *
   * @default 'refuse'
   */
  duplicates?: 'refuse' | 'replay';

  /** The parts of the answer that are stored, with `duplicates: 'replay'`. */
  replay?: ReplayOptions;

  /**
   * Whether the handler ends its task itself, by `TasksService` with its transaction's `manager`. If the handler
   * throws, or its process dies, then nothing was done, and its tag is free again.
   *
   * @default false
   */
  sameTransaction?: boolean;
}

export const TRACKED = Symbol('TRACKED');
