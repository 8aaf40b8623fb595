import type { FastifyInstance } from 'fastify';
import { BadRequest } from '../faults.js';
import type { EndpointTag } from './endpoint-tag.js';
import { urlOf } from './url-of.js';

/**
 * Refuses endpoints whose tag may be changed or removed on the way: many proxies resolve `..` in a path, and take `%2F`
 * for a slash. Without a proxy they would work, and then silently fail elsewhere.
 */
export function refuseUnsafeEndpoints(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { endpoint } = urlOf(request);
    done(endpoint === null ? undefined : (whyUnsafe(endpoint) ?? undefined));
  });
}

function whyUnsafe({ prefix, tag, encoding }: EndpointTag): BadRequest | null {
  if (encoding === 'malformed') {
    return new BadRequest(
      'The part after /tag64/ in the endpoint must be a tag in base64url (RFC 4648, section 5), without "=" at its end.',
    );
  }
  if (encoding === 'base64url' || (tag !== '.' && tag !== '..' && !tag.includes('/'))) return null;
  return new BadRequest(
    'A tag that contains a slash, or is "." or "..", cannot be used in the endpoint unencoded: a proxy may change or ' +
      `remove it. Use /tag64/${Buffer.from(tag, 'latin1').toString('base64url')} instead of ${prefix}, ` +
      'or send the tag in the header Task-tag.',
  );
}
