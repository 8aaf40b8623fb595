import { COMPARISONS } from '../comparisons.js';
import type { Findings } from '../report/row.js';
import { compare, type Length } from '../rounds.js';
import { Stage } from '../stage.js';
import { measureFingerprint } from './fingerprint.js';
import { GATEWAY_IDS, measureGateway } from './gateway.js';
import { measureLookUp } from './look-up.js';
import { measureMemory } from './memory.js';

/** The parts of the benchmark. Those of the comparisons are measured together, in the same rounds. */
export const PARTS = [
  'handlers',
  'sqlite',
  'server',
  'workers',
  'fingerprint',
  'gateway',
  'look-up',
  'memory',
] as const;

export type Part = (typeof PARTS)[number];

/** Those that take long. */
export const LONG_PARTS: Part[] = ['look-up', 'memory'];

/**
 * Measures some parts; everything that was started is ended, also when it fails.
 *
 * @param isWanted leaves out comparisons of these parts
 */
export async function measure(
  parts: readonly Part[],
  length: Length,
  isWanted: (id: string) => boolean = () => true,
): Promise<Findings> {
  const comparisons = COMPARISONS.filter(
    ({ part, id, target, isSteady }) =>
      (parts as readonly string[]).includes(part) &&
      isWanted(id) &&
      (!length.isShort || target !== null || isSteady),
  );
  const all: Findings[] = [];
  const add = async (work: (stage: Stage) => Promise<Findings>) => all.push(await onStage(work));
  if (comparisons.length > 0) await add((stage) => compare(stage, comparisons, length));
  if (parts.includes('fingerprint')) await add((stage) => measureFingerprint(stage, length.rounds));
  if (parts.includes('gateway') && GATEWAY_IDS.some(isWanted))
    await add((stage) => measureGateway(stage, length));
  if (parts.includes('look-up')) await add((stage) => measureLookUp(stage, length));
  if (parts.includes('memory')) await add(measureMemory);
  return {
    rows: all.flatMap(({ rows }) => rows),
    leftOut: all.flatMap(({ leftOut }) => leftOut),
    details: all.flatMap(({ details }) => details),
  };
}

/** What the work has started is ended after it, also when it fails. */
export async function onStage<Result>(work: (stage: Stage) => Promise<Result>): Promise<Result> {
  const stage = new Stage();
  const interrupt = () => stage.interrupt();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    return await work(stage);
  } finally {
    await stage.close();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
