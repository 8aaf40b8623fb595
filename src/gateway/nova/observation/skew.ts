import { type Offset, reachOf } from '../clock/offset.js';

/** Nova keeps whole seconds, and clocks that agree may differ slightly, in milliseconds. */
const SKEW_MS = 5000;

/** The same in addition to a known difference, in milliseconds: Nova's other services have clocks of their own. */
const MORE_MS = 2000;

/** How far Nova's times may differ from this server's, in milliseconds: a search must be wider by that. */
export function skewOf(offset: Offset | null): number {
  return offset === null ? SKEW_MS : Math.max(SKEW_MS, reachOf(offset) + MORE_MS);
}

/**
 * How far Nova's clock is ahead of this one, in milliseconds, for computing the age of something: rather too little, so
 * that it does not look older than it is. Clocks that agree are not corrected.
 */
export function aheadOf(offset: Offset | null): number {
  if (offset === null || (offset.earliest <= 0 && offset.earliest >= -SKEW_MS)) return 0;
  return offset.earliest;
}
