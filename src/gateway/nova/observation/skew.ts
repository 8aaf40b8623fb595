import { type Offset, reachOf } from '../clock/offset.js';

/** Nova keeps whole seconds, and clocks that agree may differ by a little, in milliseconds. */
const SKEW_MS = 5000;

/** The same beside a difference that is known, in milliseconds: Nova's other services have clocks of their own. */
const MORE_MS = 2000;

/** How far Nova's times may differ from this server's, in milliseconds: so much wider a search must be. */
export function skewOf(offset: Offset | null): number {
  return offset === null ? SKEW_MS : Math.max(SKEW_MS, reachOf(offset) + MORE_MS);
}

/**
 * By how much Nova's clock is ahead of this one, in milliseconds, for telling how long ago something was there: rather
 * too little, so that it is not taken for older than it is. Clocks that agree are not corrected.
 */
export function aheadOf(offset: Offset | null): number {
  if (offset === null || (offset.earliest <= 0 && offset.earliest >= -SKEW_MS)) return 0;
  return offset.earliest;
}
