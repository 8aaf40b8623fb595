import type { FastifyInstance } from 'fastify';
import type { EndpointTag } from './endpoint-tag.js';
import { BadRequest } from './faults.js';
import { urlOf } from './url-of.js';

/**
 * Refuses endpoints whose tag may become another one on the way, or none: many a proxy resolves `..` in a path, and takes
 * `%2F` for a slash. With nothing in between they would work, and then fail without a word elsewhere.
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
      'What follows /tag64/ in the endpoint must be a tag in base64url (RFC 4648, section 5), without "=" at its end.',
    );
  }
  if (encoding === 'base64url' || (tag !== '.' && tag !== '..' && !tag.includes('/'))) return null;
  return new BadRequest(
    'A tag that has a slash in it, or is "." or "..", cannot stand in the endpoint as it is: a proxy may make another ' +
      `tag of it, or none. Use /tag64/${Buffer.from(tag, 'latin1').toString('base64url')} in the place of ${prefix}, ` +
      'or send the tag in the header Task-tag.',
  );
}
