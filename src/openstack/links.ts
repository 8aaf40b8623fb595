import type { FastifyRequest } from 'fastify';
import { splitUrl } from '../url/percent-encoding.js';
import { proxyViewOf } from './proxy-headers.js';
import { urlOf } from './url-of.js';

/** A link of an OpenStack document. */
export interface Link {
  rel: string;
  href: string;
}

/**
 * Where this server begins for the client: `http://host:port`, by the request's Host, as Nova does. HTTP/1.0 need not have
 * one; then by the address that the client has reached. What a proxy says goes before both, where it is listened to, and
 * a prefix of the path that the proxy has taken away belongs to it.
 */
export function origin(request: FastifyRequest): string {
  const { protocol, host, socket } = request;
  const seen = proxyViewOf(request);
  const name = seen?.host ?? (host || `${socket.localAddress}:${socket.localPort}`);
  return `${seen?.scheme ?? protocol}://${name}${seen?.prefix ?? ''}`;
}

/** Where this server's API begins for a client: with the tag of its endpoint, so that links stay within it. */
export function endpoint(request: FastifyRequest): string {
  return `${origin(request)}${urlOf(request).endpoint?.prefix ?? ''}`;
}

/** The API's URL in the form that the request used: the same version, with the project id only if it had one. */
export function apiBase(request: FastifyRequest): string {
  const { version, projectId } = urlOf(request).api ?? { version: 'v2.1', projectId: null };
  return `${endpoint(request)}/${version}${projectId === null ? '' : `/${projectId}`}`;
}

/** Nova's two links of a resource: `self`, and `bookmark` without the version. */
export function resourceLinks(request: FastifyRequest, path: string): Link[] {
  const { projectId } = urlOf(request).api ?? { projectId: null };
  return [
    { rel: 'self', href: `${apiBase(request)}/${path}` },
    { rel: 'bookmark', href: `${origin(request)}${projectId === null ? '' : `/${projectId}`}/${path}` },
  ];
}

/** The link to the next page: the same request with another marker. */
export function nextLink(request: FastifyRequest, marker: string): Link {
  const [path, query] = splitUrl(urlOf(request).target);
  const others = query.split('&').filter((pair) => pair !== '' && !/^marker(=|$)/.test(pair));
  return { rel: 'next', href: `${origin(request)}${path}?${[...others, `marker=${marker}`].join('&')}` };
}
