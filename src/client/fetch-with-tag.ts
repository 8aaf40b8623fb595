import type { TaggedInit, TaggedOptions } from './options.js';
import type { Answered, TaggedResult } from './result.js';
import { tagged } from './tagged.js';

/** Options of `fetchWithTag`, for all its requests. */
export interface FetchWithTagOptions extends TaggedOptions {
  /**
   * Whether a request is tracked by the server. Others go out as they are, without a tag. A request that is not tracked
   * must not count as tracked: it would be sent twice when its answer is lost.
   *
   * @default all but GET, HEAD and OPTIONS
   */
  isTracked?: (request: { method: string; url: string }) => boolean;
}

/**
 * A plain `fetch` over `tagged`, for everything that takes one: ky, axios, openapi-fetch, generated clients. It
 * resolves to the server's answer: the first one, or, if that was lost, the same again from a server that can give it. Otherwise
 * it throws.
 *
 * It repeats what is safe to repeat, so switch off repeats of the client around it; or set the tag as a header, so that
 * each of its repeats has the same one.
 *
 * @param fetch any `fetch`; it must reject when no answer comes, and return every answer unchanged
 * @returns a function that rejects with `TaggedFetchError` when there is no answer, or none that can be relied on; and
 *   otherwise as `tagged` does
 */
export function fetchWithTag(
  fetch: (input: string, init: never) => Promise<Response>,
  { isTracked = changesSomething, ...options }: FetchWithTagOptions,
): (input: string | URL | Request, init?: TaggedInit) => Promise<Response> {
  const send = tagged(fetch, { answerAgain: true, ...options });
  const plain = fetch as (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  return async (input, init = {}) => {
    const given = typeof input === 'object' && 'method' in input ? input : null;
    const method = (init.method ?? given?.method ?? 'GET').toUpperCase();
    if (!isTracked({ method, url: given?.url ?? (input as string | URL).toString() }))
      return plain(input, init);
    const result = await send(input, init);
    if (result.outcome === 'answered') return result.response;
    // The server's own word, and true: nothing was done.
    const isRefused = result.outcome === 'notAccepted' || result.outcome === 'abandoned';
    if (isRefused && result.response !== undefined) return result.response;
    throw new TaggedFetchError(result);
  };
}

/** There is no answer to a request that was sent under a tag. What is known of it is in `result`. */
export class TaggedFetchError extends Error {
  override readonly name = 'TaggedFetchError';

  constructor(readonly result: Exclude<TaggedResult, Answered>) {
    super(`${TEXTS[result.outcome]} Its tag is ${result.tag}.`, { cause: result.cause });
  }
}

const TEXTS = {
  accepted:
    'The request was accepted, now or before, and there is no answer to give: the task says how it ended.',
  notAccepted: 'The request was not accepted: nothing was done.',
  abandoned: 'The tag was given up: the request was not carried out, and never will be.',
  unknown: 'It is not known whether the request was accepted. Send it again later, with the same tag.',
};

function changesSomething({ method }: { method: string }): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method);
}
