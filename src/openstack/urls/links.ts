import type { FastifyRequest } from 'fastify';
import { splitUrl } from '../../url/percent-encoding.js';
import { proxyViewOf } from '../proxy-headers.js';
import { urlOf } from './url-of.js';

/** A link of an OpenStack document. */
export interface Link {
  rel: string;
  href: string;
}

/**
 * The base URL of this server for the client: `http://host:port`, by the request's Host, as in Nova. HTTP/1.0 may omit
 * it; then by the address that the client has reached. Trusted proxy headers come before both, and a path prefix that
 * the proxy has removed is part of it.
 */
export function origin(request: FastifyRequest): string {
  const { protocol, host, socket } = request;
  const seen = proxyViewOf(request);
  const name = seen?.host ?? (host || `${socket.localAddress}:${socket.localPort}`);
  return `${seen?.scheme ?? protocol}://${name}${seen?.prefix ?? ''}`;
}

/** The base URL of this server's API for a client: with the tag of its endpoint, so that links keep it. */
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

/**
 * The link to the next page: the same request with another marker.
 *
 * @param without other parameters that the next page does not repeat
 */
export function nextLink(request: FastifyRequest, marker: string, ...without: string[]): Link {
  const [path, query] = splitUrl(urlOf(request).target);
  const others = query
    .split('&')
    .filter((pair) => pair !== '' && !['marker', ...without].includes(pair.split('=', 1)[0] as string));
  return { rel: 'next', href: `${origin(request)}${path}?${[...others, `marker=${marker}`].join('&')}` };
}
