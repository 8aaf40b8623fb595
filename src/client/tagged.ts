import { Call } from './call.js';
import type { Fetch } from './fetch-whole.js';
import { FollowUp } from './follow-up.js';
import { givenTag } from './given-tag.js';
import { inquiryOf } from './inquiry.js';
import { optionsOf, type TaggedInit, type TaggedOptions } from './options.js';
import { outgoing } from './outgoing.js';
import { TaggedAbortError, type TaggedResult } from './result.js';
import { tagToHeader } from './tag.js';

/** `fetch`, with a tag, and with a result that states the outcome of the request. */
export type TaggedFetch = (input: string | URL | Request, init?: TaggedInit) => Promise<TaggedResult>;

/**
 * Makes a `fetch` for requests that change something, so that losing an answer does no harm.
 *
 * Each request is sent under a tag. If no answer comes (the connection breaks, `timeoutMs` pass, or the answer is 502,
 * 503 or 504), the outcome is looked up by the tag, repeatedly if need be. The request is sent again only after a
 * look-up that said "not accepted", and with the same tag. Any other answer, including an error, is the result.
 *
 * **For tracked routes only.** "Not accepted" is a fact only where each request is recorded before it is carried out.
 * For a route that records nothing, a look-up finds nothing, and a request whose answer was lost would be sent twice.
 *
 * **How long it may take.** At most `deadlineMs` to learn the outcome, or `unknownMs` for a task that the server itself
 * cannot resolve. Then the result is `unknown`; calling again with the same tag resumes from there.
 *
 * **A late first copy does no harm.** A packet may reach the server after the look-up said "not accepted". Then two
 * equal requests arrive under one tag, in either order: the server carries out one and refuses the other with 409.
 * The refusal contains the task, and counts as `accepted`.
 *
 * **Bodies.** Texts, bytes, `URLSearchParams`, `FormData` and `Blob`s are sent again, with the same bytes. A stream is
 * sent once. A `Request` is used up, as with `fetch`, and its body is read into memory first.
 *
 * **The tag** is the option `tag`, or the header itself, if the caller has set it; otherwise a new one.
 *
 * **One tag per request** is the rule. If your tag covers several requests, the newest task counts that the look-up's
 * `matches` attributes to this request.
 *
 * **Redirects** are left to `fetch`. It keeps headers such as the tag on the way to another origin, where the tag means
 * nothing, and a look-up would not notice: give `redirect: 'error'` if your server might redirect you there.
 *
 * @param fetch any `fetch`; it must reject when no answer comes, and return every answer unchanged
 * @returns a function that resolves to the outcome of a request. It rejects with `TaggedAbortError` when the caller's
 *   signal ends it, and with `TypeError`, before anything is sent, for an invalid tag or request
 */
export function tagged(
  fetch: (input: string, init: never) => Promise<Response>,
  options: TaggedOptions,
): TaggedFetch {
  return async (input, init = {}) => {
    const [settled, rest] = optionsOf(options, init);
    const { clock, timeoutMs, tagHeader, lookup } = settled;
    const tag = givenTag(input, init, tagHeader) ?? settled.newTag();
    const { signal: given = signalOf(input), ...sent } = rest;
    const signal = given ?? new AbortController().signal;
    const request = await outgoing(input, sent, tagHeader, tagToHeader(tag));
    const to = { fetch: fetch as Fetch, clock, timeoutMs, signal };
    const followUp = new FollowUp(to, inquiryOf(lookup, request, tag, tagHeader), settled);
    const call = new Call({ request, tag, options: settled, to, followUp });
    try {
      return await call.run();
    } catch (error) {
      if (signal.aborted) throw new TaggedAbortError(signal.reason, tag, call.sent);
      throw error;
    }
  };
}

function signalOf(input: string | URL | Request): AbortSignal | null {
  return typeof input === 'object' && 'signal' in input ? input.signal : null;
}
