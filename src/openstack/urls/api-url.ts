import { decodeBytes, splitUrl } from '../../url/percent-encoding.js';
import { type EndpointTag, parseEndpoint } from './endpoint-tag.js';

/** The URL of a request, taken apart. */
export interface RequestUrl {
  /** As it stands in the request line. */
  written: string;
  /** Path and query as the routes go by them: without scheme and host, and with no two slashes in a row. */
  target: string;
  /** The tag of its endpoint, if there is one. */
  endpoint: EndpointTag | null;
  /** The target without that tag. */
  untagged: string;
  /** `null` for a URL outside the API. */
  api: ApiUrl | null;
}

/** An API URL taken apart: `/v2.1/{project_id}/servers?limit=1`. */
export interface ApiUrl {
  /** `v3`, `v2.1` or `v2`. */
  version: string;
  /** The legacy project id as it stands in the URL, if there is one. */
  projectId: string | null;
  /** Path below them, and the query: `/servers?limit=1`. */
  rest: string;
}

/**
 * First segments of the API. They distinguish a legacy project id, which precedes one of these and is none of them.
 * Nova goes by a pattern of hexadecimal digits, but the projects of the simulated identity service have names.
 */
const COLLECTIONS = new Set([
  'servers',
  'os-volumes_boot',
  'tasks',
  'flavors',
  'images',
  'limits',
  'extensions',
  'os-availability-zone',
  'os-keypairs',
  'os-quota-sets',
  'os-server-groups',
  ...[
    'os-services',
    'os-hypervisors',
    'os-aggregates',
    'os-hosts',
    'os-migrations',
    'os-simple-tenant-usage',
  ],
  ...['os-quota-class-sets', 'os-instance_usage_audit_log', 'os-console-auth-tokens', 'os-baremetal-nodes'],
  ...['os-server-external-events', 'os-security-groups', 'os-security-group-rules', 'os-floating-ips'],
  ...['os-floating-ip-pools', 'os-networks', 'os-tenant-networks', 'os-volumes', 'os-snapshots', 'os-agents'],
  ...['os-cells', 'os-certificates', 'os-cloudpipe', 'os-fixed-ips', 'os-floating-ip-dns', 'os-fping'],
  ...['os-floating-ips-bulk', 'os-security-group-default-rules'],
]);

/** `v2` is the same API in Nova, which reads requests less strictly there. */
const VERSIONS = new Set(['v3', 'v2.1', 'v2']);

/** Scheme and host may precede the path (RFC 9112, section 3.2.2); the router skips them. */
const ORIGIN = /^https?:\/\/[^/?]*/i;

/** Path and query of a URL as written in the request line. */
export function requestTarget(url: string): string {
  return url.replace(ORIGIN, '');
}

/** Takes a URL apart. That of a request is to be had from `urlOf`. */
export function parseUrl(written: string): RequestUrl {
  // Most requests.
  if (written.startsWith('/v2.1/') && !written.includes('//')) {
    return { written, target: written, endpoint: null, untagged: written, api: parseApi(written) };
  }
  const target = targetOf(written);
  const endpoint = parseEndpoint(target);
  const untagged = endpoint === null ? target : target.slice(endpoint.prefix.length) || '/';
  return { written, target, endpoint, untagged, api: parseApi(untagged) };
}

/**
 * The same, as the routes see it. Consecutive slashes count as one, as in Nova: a client whose endpoint ends with a
 * slash asks for `/v2.1//servers`.
 */
function targetOf(url: string): string {
  const target = requestTarget(url);
  if (!target.includes('//')) return target;
  const [path] = splitUrl(target);
  return path.replace(/\/{2,}/g, '/') + target.slice(path.length);
}

/** `null` for what is outside the API. Words count by value, as the router takes them. */
function parseApi(target: string): ApiUrl | null {
  const [path] = splitUrl(target);
  const [root, version = '', first = '', second = ''] = path.split('/', 4);
  if (root !== '' || !VERSIONS.has(decodeBytes(version))) return null;
  const hasProject = first !== '' && !isCollection(first) && isCollection(second);
  const prefix = hasProject ? `/${version}/${first}` : `/${version}`;
  return {
    version: decodeBytes(version),
    projectId: hasProject ? first : null,
    rest: target.slice(prefix.length),
  };
}

function isCollection(segment: string): boolean {
  return COLLECTIONS.has(decodeBytes(segment));
}

/**
 * The URL by which a request is routed: `/v3` for all versions, without a project id. Escapes that are not UTF-8, which
 * a tag may contain, are escaped once more, since the router takes only UTF-8; so is a bare `#`, which the router would
 * take for the end of the path. Code that needs the tag reads it from the original URL.
 */
export function routingUrl({ api, untagged }: RequestUrl): string {
  if (api === null) return untagged;
  const rest = withoutAlias(api.rest);
  const [path, query] = splitUrl(rest);
  if (!/[%#]/.test(path) && !rest.endsWith('?')) return `/v3${rest}`;
  return `/v3${path.split('/').map(routableSegment).join('/')}${query === '' ? '' : `?${query}`}`;
}

function routableSegment(segment: string): string {
  const escaped = segment.replaceAll('#', '%23');
  try {
    decodeURIComponent(escaped);
    return escaped;
  } catch {
    return escaped.replaceAll('%', '%25');
  }
}

/** The URL as part of a request's fingerprint: the same for all versions, with or without a project id. */
export function fingerprintUrl({ api, written }: RequestUrl): string {
  return api === null ? written : withoutAlias(api.rest);
}

/** Nova offers everything below `/servers` a second time, for servers that boot from volumes (before 2.103). */
function withoutAlias(rest: string): string {
  return rest.replace(/^\/os-volumes_boot(?=[/?]|$)/, '/servers');
}
