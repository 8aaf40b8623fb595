import type { Awaited } from './awaited.js';

/** Ends a wait: true when what was awaited has come. */
export type EndWait = (isMet: boolean) => void;

/** One thing that is awaited, by any number of waiters. */
export class Watch {
  /** Those who wait. */
  readonly waiters = new Set<EndWait>();
  /** The task whose end is awaited now; `null` before one has arrived. */
  open: string | null = null;
  /** Whether there may be news of it, so that it is to be looked at. */
  hasNews = true;
  /** When it was last looked at, by `performance.now()`. */
  lookedAt = -Infinity;

  constructor(
    readonly key: string,
    readonly awaited: Awaited,
  ) {}

  /**
   * What to look at. Of a group with an open task, only that one is, until there is news: a group may be large.
   */
  get question(): Awaited {
    const { awaited, open, hasNews } = this;
    return awaited.until !== 'all ended' || open === null || hasNews
      ? awaited
      : { until: 'ended', uuid: open };
  }
}
