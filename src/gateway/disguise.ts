import type { FastifyRequest } from 'fastify';
import type { ApiError } from '../errors/api-error.js';
import { BadRequest, NotFound, UnsupportedMediaType } from '../openstack/faults.js';
import { hasDotSegment } from '../openstack/urls/dot-segments.js';
import { urlOf } from '../openstack/urls/url-of.js';
import { decodeQueryBytes, splitUrl } from '../url/percent-encoding.js';

/**
 * An escaped slash, which Nova unescapes before it splits a path; and characters that end a path for Nova's patterns.
 */
const AMBIGUOUS_IN_PATH = /%2f|%[01][0-9a-f]|%7f|#/i;

/** Types of forms. Nova reads no forms, but looks for `_method` in them. */
const FORM = /^\s*(application\/x-www-form-urlencoded|multipart\/)/i;

/** A media type that names an API version: Nova uses it for a path without a version (`paste.urlmap`). */
const VERSION = /;\s*version\s*=/i;

/**
 * Finds requests that Nova would read differently than this server, so that they could change something without a
 * record, or be allowed as something else. No ordinary client sends one.
 *
 * @returns the reason for the refusal; `null` for an ordinary request
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

/** Nova's router takes such a parameter as the method, overriding the request's own (routes.middleware). */
function overridesMethod(query: string): boolean {
  // A plain text search comes first; most queries do not contain the word.
  if (!query.includes('_method')) return false;
  return query.split(/[&;]/).some((pair) => decodeQueryBytes(pair.split('=', 1)[0] ?? '') === '_method');
}
