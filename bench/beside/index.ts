import { buildOf } from '../builds.js';
import { onStage } from '../parts/index.js';
import type { Findings } from '../report/row.js';
import { compare, type Length } from '../rounds.js';
import { BESIDE } from './comparisons.js';
import { compareMemory } from './memory.js';
import { comparePackages } from './packages.js';
import { compareSizes } from './sizes.js';
import { compareStarts } from './starts.js';

/**
 * Measures this build and that of another commit, in the same rounds.
 *
 * @throws Error when there is no such commit, or it cannot be built
 */
export async function measureBeside(revision: string, length: Length): Promise<Findings> {
  const other = buildOf(revision);
  const requests = await onStage((stage) => compare(stage, BESIDE, length, other));
  const starts = await onStage((stage) => compareStarts(stage, other, length.rounds));
  // What takes long, and is the same each time.
  const others =
    length.isShort === true
      ? []
      : [
          await compareSizes(other),
          comparePackages(other),
          await onStage((stage) => compareMemory(stage, other)),
        ].flat();
  return { ...requests, rows: [...requests.rows, starts, ...others] };
}
