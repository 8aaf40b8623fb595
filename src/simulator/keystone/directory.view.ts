import type { FastifyRequest } from 'fastify';
import { origin } from '../../openstack/urls/links.js';
import { DOMAIN } from './names.js';

/** A project as Keystone shows it. */
export function projectView(request: FastifyRequest, id: string): object {
  return { ...entry(request, 'projects', id), domain_id: DOMAIN.id, parent_id: DOMAIN.id, is_domain: false };
}

/** A user as Keystone shows it. */
export function userView(request: FastifyRequest, id: string): object {
  return { ...entry(request, 'users', id), domain_id: DOMAIN.id, password_expires_at: null };
}

/** The one domain as Keystone shows it. */
export function domainView(request: FastifyRequest): object {
  return { ...entry(request, 'domains', DOMAIN.id), name: DOMAIN.name };
}

/** The links of a list, which always fits on one page. */
export function listLinks(request: FastifyRequest): object {
  return { self: selfLink(request), previous: null, next: null };
}

/** The URL of the request itself. */
export function selfLink(request: FastifyRequest): string {
  return `${origin(request)}${request.originalUrl}`;
}

function entry(request: FastifyRequest, collection: string, id: string): object {
  const self = `${origin(request)}/identity/v3/${collection}/${encodeURIComponent(id)}`;
  return { id, name: id, description: '', enabled: true, options: {}, tags: [], links: { self } };
}
