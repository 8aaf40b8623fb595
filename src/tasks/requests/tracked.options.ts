import type { ReplayOptions } from '../answers/replay.options.js';
import type { Outcome, Resource } from '../task.states.js';

/** What a tracked handler's requests mean. */
export interface TrackedOptions<Answer, Request = unknown> {
  /** Name of what the request does, 1 to 64 characters. May throw an error for a request that does nothing known; nothing is recorded. */
  task: (request: Request) => string;

  /** What it acts on, as far as the request tells. @default nothing */
  resource?: (request: Request) => Resource | null;

  /**
   * What became of the request, by the handler's answer. Where it throws, the task is `unknown`.
   *
   * @default by the status: 202 is `processing` until `TasksService` is told the end, other 2xx and 3xx are `success`; of
   *   a handler that sends its answer itself, 4xx but 408 is a rejection, and the rest `unknown`
   */
  outcome?: (answer: Answer, request: Request) => Outcome;

  /**
   * What became of a request whose handler threw; `null` leaves it to the module's option, and that to the default: a
   * 4xx of Nest's own but 408 is a rejection, all else `unknown`.
   */
  outcomeOfError?: (error: unknown, request: Request) => Outcome | null;

  /**
   * What counts as the request's parameters, in the place of its body: any JSON, or a promise of it. Nothing is recorded
   * or done when it throws, or gives what JSON does not show, such as a `Map`. @default the module's option
   */
  parameters?: (request: Request) => unknown;

  /**
   * What the same request under the same tag gets: 409 with the first one's task, or the first one's answer again. Where
   * no answer is recorded, since it is not there yet, was a stream or too long, it gets 409 all the same.
   *
   * @default 'refuse'
   */
  duplicates?: 'refuse' | 'replay';

  /** What of the answer is recorded, with `duplicates: 'replay'`. */
  replay?: ReplayOptions;

  /**
   * Whether the handler ends its task itself, by `TasksService` with its transaction's `manager`. Then one that throws,
   * or whose process dies, is known not to have done anything, and its tag is free again.
   *
   * @default false
   */
  sameTransaction?: boolean;
}

export const TRACKED = Symbol('TRACKED');
