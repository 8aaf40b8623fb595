import { type BackOff, CLOCK, type Clock } from './clock.js';
import type { LookUp } from './look-up.js';
import { newTag } from './tag.js';

/** Options for all requests of a `tagged` fetch. Each may also be given for a single call. */
export interface TaggedOptions {
  /** How to ask for the tasks of a tag: `openstack(…)`, `tasks(…)`, or a function of your own. */
  lookup: LookUp;
  /** Name of the header that carries the tag. @default 'Task-tag' */
  tagHeader?: string;
  /** How long an answer may take, in milliseconds; a later one counts as lost. @default 30000 */
  timeoutMs?: number;
  /**
   * How long the call may take to learn whether the request was accepted, in milliseconds. After that nothing new is
   * started, except the look-up after a request that was just sent. @default 300000
   */
  deadlineMs?: number;
  /**
   * How long to keep asking about a task that is `unknown`, in milliseconds since it was first seen so; after that, the
   * task is returned as it is. A server that has to ask another one may need minutes; one that cannot resolve the task
   * leaves it `unknown` forever. `deadlineMs` applies as well. @default 60000
   */
  unknownMs?: number;
  /** How often a request is sent at most. @default 4 */
  maxSends?: number;
  /** How long to wait before another send or look-up. @default at most 500 ms at first, and never more than 10 s */
  backOff?: BackOff;
  /**
   * Whether to ask for the lost answer of a request that was accepted: it is sent again, once more and under the same
   * tag, with `Task-duplicates: answer`. A server that has the answer, or makes it again, gives it; then the outcome is
   * `answered`. One that does not refuses the copy, and the outcome is `accepted`. @default false
   */
  answerAgain?: boolean;
  /** Whether to follow the task of an accepted request to its end, and for how long. @default false */
  wait?: boolean | { forMs: number };
  /**
   * Whether an answer counts as lost because it leaves the outcome open. A 500 does not: it is the application's own
   * answer, and only a caller who knows what it means can decide to send the request again. A replayed answer never
   * counts as lost. @default 502, 503 and 504 do
   */
  isInconclusive?: (response: Response) => boolean;
  /** Makes the tag for a call without one. @default a random UUID */
  newTag?: () => string;
  /** Time and randomness, for tests. @default the real ones */
  clock?: Clock;
}

/** The options of a single call, in addition to those of `fetch`. */
export interface TaggedInit extends RequestInit, Partial<TaggedOptions> {
  /** The tag, 1 to 255 bytes in UTF-8. @default the one in the header, if the caller has set it, or a new one */
  tag?: string;
}

/** All options of a call, with defaults filled in. */
export type Settled = Required<TaggedOptions>;

const LOST: readonly number[] = [502, 503, 504];

const DEFAULTS: Omit<Settled, 'lookup'> = {
  tagHeader: 'Task-tag',
  timeoutMs: 30_000,
  deadlineMs: 300_000,
  unknownMs: 60_000,
  maxSends: 4,
  backOff: { firstMs: 500, mostMs: 10_000 },
  answerAgain: false,
  wait: false,
  isInconclusive: ({ status }) => LOST.includes(status),
  newTag,
  clock: CLOCK,
};

/** The options of a call, and what remains for `fetch`. */
export function optionsOf(
  options: TaggedOptions,
  { tag: _tag, ...init }: TaggedInit,
): [Settled, RequestInit] {
  const settled: Settled = { ...DEFAULTS, lookup: options.lookup };
  const rest: Record<string, unknown> = { ...init };
  for (const name of ['lookup', ...Object.keys(DEFAULTS)] as (keyof Settled)[]) {
    const value = init[name] ?? options[name];
    if (value !== undefined) Object.assign(settled, { [name]: value });
    delete rest[name];
  }
  return [settled, rest];
}
