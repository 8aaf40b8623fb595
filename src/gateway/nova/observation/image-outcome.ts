import type { Look } from './look.js';
import { BUSY, failure, SUCCESS, type Verdict } from './verdict.js';

/** Nova's first version in which the event of a snapshot ends before the snapshot (2026.1). */
const SNAPSHOT_IN_BACKGROUND = 101;

/**
 * How long after the last sign of the snapshot its image may still become active, in milliseconds, while the server is at
 * nothing: a compute service that was killed meanwhile leaves it as it is.
 */
const LATE_MS = 600_000;

/** What is known of the making of an image beside its server's events. */
export interface ImageEvidence {
  /** `undefined` when it is not known which one it is. */
  imageId: string | undefined;
  /** Whether the server is at nothing. */
  isIdle: boolean;
  /** How long nothing has been heard of it, in milliseconds. */
  silenceMs: number;
  /** Whether any step has failed. */
  hasFailed: boolean;
  /** The minor number of Nova's highest microversion. */
  maxMicroversion: number;
}

/**
 * How a snapshot or backup has ended. What its events say is not enough: Nova swallows some failures (`_snapshot_instance`
 * of nova/compute/manager.py), a compute service that is restarted leaves the event open, and of a newer Nova the
 * event ends when the snapshot has only begun.
 *
 * @param byEvents how it has ended by its events
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
  if (isImageLost(status)) return failure('The image is not there: it was not made, or was deleted since.');
  if (byEvents.is !== 'success' || !isInBackground) return byEvents;
  if (silenceMs < LATE_MS) return BUSY;
  return failure(`The image was not made: it is still ${status}, and the server is not at it any more.`);
}

/** Nova removes the image of a snapshot that went wrong. */
function isImageLost(status: string | null): boolean {
  return status === null || status === 'DELETED' || status === 'ERROR';
}
