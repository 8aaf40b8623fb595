import type { LoadResult } from './load.js';
import type { Side } from './side.js';

/** One window's result. */
export interface Sample extends LoadResult {
  round: number;
  side: Side;
}
