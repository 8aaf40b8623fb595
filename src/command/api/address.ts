import { UsageError } from '../command.errors.js';

/** Which form an API has. */
export type ApiKind = 'openstack' | 'host';

/** Where a Tasktag API is. */
export interface Address {
  kind: ApiKind;
  /** The list of tasks, such as `https://cloud:8774/v2.1/tasks`. */
  list: string;
  /** What paths of requests are seen from. */
  base: string;
}

/** The end of a compute endpoint, perhaps with a project's id, perhaps with the list of tasks. */
const ENDPOINT = /^(?<root>.*?)\/(?<version>v3|v2\.1|v2)(?<project>\/[^/]+)?$/;

/**
 * Reads an address: a compute endpoint, with `/v3` or `/v2.1` at its end, or the list of a library host.
 *
 * @throws UsageError for one that is none
 */
export function addressOf(text: string, kind?: ApiKind): Address {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UsageError(`${text} is no URL.`);
  }
  if (url.username || url.password) throw new UsageError('The URL must have no user and no password.');
  if (url.search || url.hash) throw new UsageError(`The URL ${text} must have no query and no fragment.`);
  const path = url.pathname.replace(/\/+$/, '');
  const endpoint = path.replace(/\/tasks$/, '');
  const isEndpoint = endpoint === '' ? path === '' : ENDPOINT.test(endpoint);
  if ((kind ?? (isEndpoint ? 'openstack' : 'host')) === 'host')
    return { kind: 'host', list: `${url.origin}${path}`, base: url.origin };
  const base = `${url.origin}${endpoint || '/v3'}`;
  return { kind: 'openstack', list: `${base}/tasks`, base };
}

/**
 * The address of a request by its path. A path of the compute API is seen from the endpoint, with or without its
 * version: `/servers` and `/v3/servers` are the same.
 *
 * @throws UsageError for a path that leads elsewhere
 */
export function requestUrl({ kind, base }: Address, path: string): string {
  if (!path.startsWith('/') || path.startsWith('//'))
    throw new UsageError(`The path ${path} must begin with one "/", such as /v3/servers.`);
  const inside = kind === 'openstack' ? path.replace(/^\/(v3|v2\.1|v2)(?=\/)/, '') : path;
  const url = new URL(`${base}${inside}`);
  if (!url.href.startsWith(base)) throw new UsageError(`The path ${path} leads out of ${base}.`);
  return url.href;
}
