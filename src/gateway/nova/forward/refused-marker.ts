import { MARKER_METADATA_KEY } from '../markers/marker.js';
import type { UpstreamAnswer } from '../upstream/exchange.js';
import type { UpstreamRequest } from '../upstream/nova-upstream.js';
import { requestIdOf } from './answer-outcome.js';

/** What Nova refuses a body with: too many metadata items are 403, and were 413; what its schema forbids is 400. */
const REFUSALS = [400, 403, 413];

/**
 * Whether Nova has refused a create for its metadata, of which the marker is an item: a project may have a quota of its
 * own, even of none. Nova's own refusal says that nothing was done.
 */
export function isRefusedForMarker(answer: UpstreamAnswer, { body }: UpstreamRequest): boolean {
  return (
    REFUSALS.includes(answer.status) &&
    requestIdOf(answer) !== null &&
    Buffer.isBuffer(body) &&
    body.includes(MARKER_METADATA_KEY) &&
    /metadata/i.test(answer.body.toString('latin1'))
  );
}
