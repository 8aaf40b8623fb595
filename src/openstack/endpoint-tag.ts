import { decodeBytes } from '../url/percent-encoding.js';

/**
 * A tag in the endpoint, for clients that cannot set a header: whoever is told that the compute service is at
 * `http://host/tag/{tag}/v2.1` sends that tag with every request. Everything else about such a URL is as without it.
 */
const PREFIX = /^\/tag\/([^/?]+)(?=[/?]|$)/;

/** The tag of a URL's endpoint as bytes; `null` without one. */
export function endpointTag(target: string): string | null {
  const tag = PREFIX.exec(target)?.[1];
  return tag === undefined ? null : decodeBytes(tag);
}

/** What stands before the version in a URL: `/tag/{tag}`, or nothing. */
export function endpointPrefix(target: string): string {
  return PREFIX.exec(target)?.[0] ?? '';
}
