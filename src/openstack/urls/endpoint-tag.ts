import { decodeBytes } from '../../url/percent-encoding.js';

/** A tag in the endpoint, for clients that cannot set a header. */
export interface EndpointTag {
  /** As written in the URL, before the version. */
  prefix: string;
  /** As bytes. */
  tag: string;
  /** Whether it is written in base64url, and whether in the one canonical way. */
  encoding: 'plain' | 'base64url' | 'malformed';
}

/**
 * A client whose compute endpoint is `http://host/tag/{tag}/v2.1`, or `http://host/tag64/{tag in base64url}/v2.1`,
 * sends that tag with every request. The rest of such a URL works as without it.
 */
const PREFIX = /^\/tag(64)?\/([^/?]+)(?=[/?]|$)/;

/** The tag in a URL's endpoint, as written; `null` without one. */
export function parseEndpoint(target: string): EndpointTag | null {
  const [prefix, in64, text] = PREFIX.exec(target) ?? [];
  if (prefix === undefined || text === undefined) return null;
  const written = decodeBytes(text);
  if (in64 === undefined) return { prefix, tag: written, encoding: 'plain' };
  const tag = Buffer.from(written, 'base64url');
  const isCanonical = tag.toString('base64url') === written;
  return { prefix, tag: tag.toString('latin1'), encoding: isCanonical ? 'base64url' : 'malformed' };
}
