import { MARKER_METADATA_KEY } from '../markers/marker.js';
import type { UpstreamRequest } from '../upstream/nova-upstream.js';
import type { UpstreamAnswer } from '../upstream/whole-answer.js';
import { requestIdOf } from './answer-outcome.js';

/** Nova's refusals of a body: too many metadata items give 403, formerly 413; a violated schema gives 400. */
const REFUSALS = [400, 403, 413];

/**
 * Whether Nova has refused a create because of its metadata, which includes the marker: a project may have a quota of
 * its own, even of 0. Nova's own refusal means that nothing was done.
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
