import type { ReplayOptions } from '../answers/replay.options.js';
import type { Task } from '../task.entity.js';
import type { Outcome, Resource } from '../task.states.js';
import type { TenantResolver } from '../tasks.options.js';

/**
 * Options of `@Tracked()`: what the requests of a handler do, and how their outcomes are read. A `Request` is that of
 * HTTP, or a `TrackedMutation`, a `TrackedMessage` or a job.
 */
export interface TrackedOptions<Answer, Request = unknown> {
  /**
   * The name of the task, 1 to 64 characters, such as `order`; for all requests, or for each. The function may throw for
   * a request that does nothing known: then nothing is recorded.
   */
  task: string | ((request: Request) => string);

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
   * Where the request has its tag, as a text; `null`: it has none. @default by HTTP, the header; else as the module's
   * options `graphql`, `messages` and `jobs` say
   */
  tag?: (request: Request) => string | null;

  /** The tenant and the user of the request. @default the module's option */
  requester?: TenantResolver<Request>;

  /**
   * How the same request under the same tag is answered; for all requests, or for each:
   *
   * - `refuse`: 409 with the task of the original request.
   * - `replay`: the original answer again, which is stored for this. Without a stored answer, because the request is still
   *   running, or its answer was a stream or too long, it is 409.
   * - `answer`: an answer that `answerAgain` makes from the task, so that none is stored. While it is not known whether
   *   the original request was accepted, the repeated one waits, at most ten seconds; then it is 409 with `Retry-After`.
   *
   * An event or a job is not refused: it ends as the first one did, a job with that one's result if it is stored or made.
   *
   * @default 'refuse'
   */
  duplicates?: Duplicates | ((request: Request) => Duplicates);

  /**
   * Makes the original answer again from its task, with `duplicates: 'answer'`. The task counts as accepted. The value is
   * answered as if the handler had returned it, with `Task-replayed: true`. If the requester may not do this any more, it
   * should throw. `null`: the answer cannot be made, and the request is refused.
   */
  answerAgain?: (task: Task, request: Request) => unknown;

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

/** How the same request under the same tag is answered. */
export type Duplicates = 'refuse' | 'replay' | 'answer';

export const TRACKED = Symbol('TRACKED');

/** How the same request as a given one is to be answered. */
export function duplicatesOf<Request>(
  { duplicates = 'refuse' }: TrackedOptions<never, Request>,
  request: Request,
): Duplicates {
  return typeof duplicates === 'function' ? duplicates(request) : duplicates;
}
