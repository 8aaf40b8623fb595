import type { Look } from './look.js';
import { BUSY, failure, SUCCESS, type Verdict } from './verdict.js';

/** Nova's first version in which the event of a snapshot ends before the snapshot (2026.1). */
const SNAPSHOT_IN_BACKGROUND = 101;

/**
 * How long after the last sign of the snapshot its image may still become active, in milliseconds, while the server is
 * idle: if its compute service was killed meanwhile, the image never changes.
 */
const LATE_MS = 600_000;

/** The facts about the making of an image, besides its server's events. */
export interface ImageEvidence {
  /** `undefined` if it is not known which image it is. */
  imageId: string | undefined;
  /** Whether the server is idle. */
  isIdle: boolean;
  /** How long there has been no sign of it, in milliseconds. */
  silenceMs: number;
  /** Whether any step has failed. */
  hasFailed: boolean;
  /** The minor number of Nova's highest microversion. */
  maxMicroversion: number;
}

/**
 * The outcome of a snapshot or backup. Its events do not suffice: Nova swallows some failures (`_snapshot_instance` of
 * nova/compute/manager.py), a restarted compute service leaves the event open, and in a newer Nova the event ends when
 * the snapshot has only begun.
 *
 * @param byEvents the outcome according to its events
 */
export async function imageVerdict(
  byEvents: Verdict,
  { imageId, isIdle, silenceMs, hasFailed, maxMicroversion }: ImageEvidence,
  { queries }: Pick<Look, 'queries'>,
): Promise<Verdict> {
  const isInBackground = maxMicroversion >= SNAPSHOT_IN_BACKGROUND;
  if (byEvents.is === 'busy' || hasFailed) return byEvents;
  if (isInBackground && !isIdle) return BUSY;
  if (imageId === undefined) return byEvents;
  const status = await queries.imageStatus(imageId);
  if (status === 'ACTIVE') return SUCCESS;
  if (isImageLost(status)) return failure('The image does not exist: it was not made, or was deleted since.');
  if (byEvents.is !== 'success' || !isInBackground) return byEvents;
  if (silenceMs < LATE_MS) return BUSY;
  return failure(`The image was not made: it is still ${status}, and the server no longer works on it.`);
}

/** Nova removes the image of a failed snapshot. */
function isImageLost(status: string | null): boolean {
  return status === null || status === 'DELETED' || status === 'ERROR';
}
