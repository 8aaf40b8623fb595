import { Call } from './call.js';
import type { Fetch } from './exchange.js';
import { FollowUp } from './follow-up.js';
import { inquiryOf } from './inquiry.js';
import { optionsOf, type TaggedInit, type TaggedOptions } from './options.js';
import { outgoing } from './outgoing.js';
import { TaggedAbortError, type TaggedResult } from './result.js';
import { tagToHeader } from './tag.js';

/** `fetch`, with a tag, and with a result that says what became of the request. */
export type TaggedFetch = (input: string | URL | Request, init?: TaggedInit) => Promise<TaggedResult>;

/**
 * Makes a `fetch` for requests that change something, whose answer may get lost without harm.
 *
 * Each request is sent under a tag. When no answer comes (the connection breaks, `timeoutMs` pass, or 502, 503 or 504 is
 * all that comes), it asks by the tag, again and again if need be. It sends the request again only after a look-up that
 * said "not accepted", and with the same tag. Any other answer, also an error, is the result.
 *
 * **For tracked routes only.** "Not accepted" is a fact where each request is recorded before it is carried out. Of a
 * route that records nothing, a look-up finds nothing, and a request whose answer was lost would be sent twice.
 *
 * **How long it may take.** To find out, `deadlineMs` at most; with a task that the server itself does not know more of,
 * `unknownMs`. Then the result is `unknown`, and to call it again with the same tag goes on from there.
 *
 * **A first copy that comes late is no danger.** A packet may reach the server after the look-up said "not accepted".
 * Then two equal requests under one tag are there, in whatever order: the server carries out one and refuses the other
 * one with 409. The refusal brings the task, and counts as `accepted`.
 *
 * **Bodies.** Texts, bytes, `URLSearchParams`, `FormData` and `Blob`s are sent again, with the same bytes. A stream is
 * sent once. A `Request` is used up, as with `fetch`, and its body is read into memory first.
 *
 * **One tag, one request** is what a tag should stand for. If yours stands for several, the newest task counts that
 * `matches` of the look-up takes for this request's.
 *
 * **Redirects** are left to `fetch`. It keeps headers such as the tag on its way to another origin, where the tag means
 * nothing, and a look-up could not tell: give `redirect: 'error'` if your server might send you there.
 *
 * @param fetch any `fetch`; it must reject when no answer comes, and give all others as they are
 * @returns a function that resolves to what became of a request. It rejects with `TaggedAbortError` when the caller's
 *   signal ends it, and with `TypeError`, before anything is sent, for a tag or a request that cannot be
 */
export function tagged(
  fetch: (input: string, init: never) => Promise<Response>,
  options: TaggedOptions,
): TaggedFetch {
  return async (input, init = {}) => {
    const [settled, rest] = optionsOf(options, init);
    const { clock, timeoutMs, tagHeader, lookup } = settled;
    const tag = init.tag ?? settled.newTag();
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
