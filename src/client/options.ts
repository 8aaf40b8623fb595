import { type BackOff, CLOCK, type Clock } from './clock.js';
import type { LookUp } from './look-up.js';
import { newTag } from './tag.js';

/** What holds for all requests of a `tagged` fetch. Each may be given for a single call, too. */
export interface TaggedOptions {
  /** How to ask for the tasks of a tag: `openstack(…)`, `tasks(…)`, or a function of your own. */
  lookup: LookUp;
  /** Name of the header that carries the tag. @default 'Task-tag' */
  tagHeader?: string;
  /** How long an answer may take, in milliseconds; what is later counts as lost. @default 30000 */
  timeoutMs?: number;
  /**
   * How long to find out whether the request was accepted, in milliseconds from the call on. After that nothing new is
   * begun, but for the look-up after a request that was just sent. @default 300000
   */
  deadlineMs?: number;
  /**
   * How long to go on asking about a task that is `unknown`, of which the server itself is finding out, in milliseconds
   * since that was seen first; after that, the task is shown as it is. A server that asks another one may need minutes;
   * one that cannot find out never comes to an end. `deadlineMs` holds as well. @default 60000
   */
  unknownMs?: number;
  /** How often a request is sent at most. @default 4 */
  maxSends?: number;
  /** How long to wait before another send or look-up. @default 500 ms at first, 10 s at most */
  backOff?: BackOff;
  /** Whether to follow the task of an accepted request to its end, and for how long. @default false */
  wait?: boolean | { forMs: number };
  /**
   * Whether an answer counts as lost, since it leaves open what became of the request. A 500 does not: the application
   * itself has answered, and to send it again is for whoever knows what it means. A replayed answer never does.
   * @default 502, 503 and 504 do
   */
  tellsNothing?: (response: Response) => boolean;
  /** Makes the tag of a call that brings none. @default a random UUID */
  newTag?: () => string;
  /** Time and chance, for tests. @default the real ones */
  clock?: Clock;
}

/** What a single call may add to what `fetch` takes. */
export interface TaggedInit extends RequestInit, Partial<TaggedOptions> {
  /** The tag, 1 to 255 bytes in UTF-8. @default a new one */
  tag?: string;
}

/** The options of a call, each of them. */
export type Settled = Required<TaggedOptions>;

const LOST: readonly number[] = [502, 503, 504];

const DEFAULTS: Omit<Settled, 'lookup'> = {
  tagHeader: 'Task-tag',
  timeoutMs: 30_000,
  deadlineMs: 300_000,
  unknownMs: 60_000,
  maxSends: 4,
  backOff: { firstMs: 500, mostMs: 10_000 },
  wait: false,
  tellsNothing: ({ status }) => LOST.includes(status),
  newTag,
  clock: CLOCK,
};

/** The options of a call, and what is left for `fetch`. */
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
