import type { FastifyRequest } from 'fastify';
import type { ApiError } from '../errors/api-error.js';
import { BadRequest, NotFound, UnsupportedMediaType } from '../openstack/faults.js';
import { hasDotSegment } from '../openstack/dot-segments.js';
import { urlOf } from '../openstack/url-of.js';
import { decodeQueryBytes, splitUrl } from '../url/percent-encoding.js';

/** An escaped slash, which Nova unescapes before it takes a path apart; what Nova's patterns may take for an end. */
const AMBIGUOUS_IN_PATH = /%2f|%[01][0-9a-f]|%7f|#/i;

/** Types of forms. Nova reads none, but looks for `_method` in them. */
const FORM = /^\s*(application\/x-www-form-urlencoded|multipart\/)/i;

/** In a media type, the version of an API: by it Nova takes a path without one (`paste.urlmap`). */
const VERSION = /;\s*version\s*=/i;

/**
 * What Nova would read otherwise than this server does, so that it could change something without a record, or be
 * allowed as what it is not. No client means it so.
 *
 * @returns why it is refused; `null` for a request that is what it seems to be
 */
export function disguiseOf(request: FastifyRequest): ApiError | null {
  const { method, headers } = request;
  const { untagged, api } = urlOf(request);
  const [path, query] = splitUrl(untagged);
  if (overridesMethod(query)) return new BadRequest('The query must have no parameter _method.');
  const isRead = ['GET', 'HEAD', 'OPTIONS'].includes(method);
  const isSentOn = !isRead || request.is404 || request.routeOptions.url === '/v3/servers/:id';
  if (isSentOn && hasDotSegment(path)) return new NotFound();
  if (isRead) return null;
  const type = headers['content-type'] ?? '';
  if (FORM.test(type)) return new UnsupportedMediaType(type);
  const hasVersion = VERSION.test(type) || VERSION.test(headers.accept ?? '');
  return AMBIGUOUS_IN_PATH.test(path) || (hasVersion && api === null) ? new NotFound() : null;
}

/** Nova's router takes such a parameter for the method, whatever the request's own is (routes.middleware). */
function overridesMethod(query: string): boolean {
  // It looks for the word first, as it stands; most queries have none.
  if (!query.includes('_method')) return false;
  return query.split(/[&;]/).some((pair) => decodeQueryBytes(pair.split('=', 1)[0] ?? '') === '_method');
}
