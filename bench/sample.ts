import type { CandidateName } from './candidates.js';
import type { CaseName } from './cases.js';
import type { LoadResult } from './load.js';

/** One window's result. */
export interface Sample extends LoadResult {
  round: number;
  candidate: CandidateName;
  kind: CaseName;
}
