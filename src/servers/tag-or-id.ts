import type { FastifyRequest } from 'fastify';
import { urlOf } from '../openstack/urls/url-of.js';
import type { Tag } from '../tasks/tag.js';
import { decodeBytes, splitUrl } from '../url/percent-encoding.js';

/**
 * The `{tag-or-id}` of `/servers/{tag-or-id}/…`, from the URL as the client wrote it: the router's parameter is UTF-8,
 * but a tag may be any bytes.
 */
export function tagOrId(request: FastifyRequest): Tag {
  const { rest } = urlOf(request).api ?? { rest: '' };
  const [path] = splitUrl(rest);
  return decodeBytes(path.split('/')[2] ?? '');
}
