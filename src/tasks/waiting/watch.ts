import type { Awaited } from './awaited.js';
import type { Look } from './looks.js';

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

  constructor(
    readonly key: string,
    readonly awaited: Awaited,
  ) {}

  /** Whether a look shows that what was awaited has come. */
  isMetBy({ isFound, open }: Look): boolean {
    // A single task that is gone has ended.
    return open === null && (isFound || this.awaited.until !== 'all ended');
  }
}
