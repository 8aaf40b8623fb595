import { CANDIDATES, type CandidateName } from './candidates.js';
import type { CaseName } from './cases.js';

/** A candidate under one kind of load: of this build, or of another one that is measured beside it. */
export type Side = readonly [candidate: CandidateName, kind: CaseName, build?: 'other'];

/** What the tables call a server, by which the servers of a run are told apart. */
export function titleOf([name, , build]: Side): string {
  const { title } = CANDIDATES[name];
  return build === 'other' ? `${title}, the other build` : title;
}
