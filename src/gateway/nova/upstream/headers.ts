import type { IncomingMessage } from 'node:http';

/** Hop-by-hop headers (RFC 9110, section 7.6.1), and those that this server answers or makes itself. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/**
 * keystonemiddleware's description of a valid token. Nova takes these headers only from its own middleware; a client
 * that sends them wants to be taken for another user.
 */
const IDENTITY =
  /^(x-(service-)?(identity-status|roles?|domain-(id|name)|project-(id|name)|project-domain-(id|name)|user(-(id|name))?|user-domain-(id|name))|x-tenant(-(id|name))?|x-is-admin-project|openstack-system-scope|x-service-catalog)$/;

const NOT_FORWARDED = new Set([...HOP_BY_HOP, 'expect', 'task-tag', 'task-duplicates']);
const NOT_RELAYED = new Set(HOP_BY_HOP);

/** Values of `Connection` that describe the connection itself, and do not name another header. */
const OF_THE_CONNECTION = /^(keep-alive|close)?$/i;

/**
 * The headers of a request that are sent on. None has an underscore in its name: Nova's web server takes `X_Roles` and
 * `X-Roles` for the same header (PEP 3333: `HTTP_X_ROLES`).
 *
 * @param rawHeaders names and values in turn, as Node gives them
 * @param without further names in lower case, which the caller sends itself
 */
export function forwardedHeaders(rawHeaders: readonly string[], ...without: string[]): string[] {
  const named = namedByConnection(rawHeaders);
  const kept: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const lower = name.toLowerCase();
    if (name.includes('_')) continue;
    if (NOT_FORWARDED.has(lower) || without.includes(lower) || named?.includes(lower) || IDENTITY.test(lower))
      continue;
    kept.push(name, rawHeaders[i + 1] as string);
  }
  return kept;
}

/** The headers of an answer that are sent on. */
export function relayedHeaders(rawHeaders: readonly Buffer[]): string[] {
  const texts = rawHeaders.map((part) => part.toString('latin1'));
  const named = namedByConnection(texts);
  const kept: string[] = [];
  for (let i = 0; i < texts.length; i += 2) {
    const name = texts[i] as string;
    const lower = name.toLowerCase();
    if (NOT_RELAYED.has(lower) || named?.includes(lower)) continue;
    kept.push(name, texts[i + 1] as string);
  }
  return kept;
}

/** Where keystonemiddleware looks for a token (`user_token` in auth_token/_request.py). */
const TOKENS = ['x-auth-token', 'x-storage-token'];

/**
 * The same, with a ban on caching: Nova does not send one, and caches that do not know this kind of token would give
 * one user's answer to everyone. No cache keeps an answer to a change, so those are left as they are.
 *
 * @param request the request that is answered
 */
export function notStored(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  rawHeaders: string[],
): string[] {
  const isRead = method === 'GET' || method === 'HEAD';
  return isRead && TOKENS.some((name) => headers[name] !== undefined) ? withNoStore(rawHeaders) : rawHeaders;
}

/** The headers of an answer that must not be cached, unless it says itself what caches may do. */
export function withNoStore(rawHeaders: string[]): string[] {
  return headerOf(rawHeaders, 'cache-control') === undefined
    ? [...rawHeaders, 'Cache-Control', 'no-store']
    : rawHeaders;
}

/** A reason phrase that may be sent on; Node takes no other characters. */
export function relayedReason(text: string): string {
  return /^[\t\x20-\x7e]*$/.test(text) ? text : '';
}

/** The first header of a name in lower case. */
export function headerOf(rawHeaders: readonly string[], wanted: string): string | undefined {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === wanted.length && name.toLowerCase() === wanted) return rawHeaders[i + 1];
  }
  return undefined;
}

/** The headers that `Connection` names, in all its lines, are hop-by-hop too; `null` without any. */
function namedByConnection(rawHeaders: readonly string[]): string[] | null {
  let named: string[] | null = null;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const value = rawHeaders[i + 1] as string;
    if (name.length !== 10 || name.toLowerCase() !== 'connection' || OF_THE_CONNECTION.test(value)) continue;
    named ??= [];
    for (const part of value.split(',')) named.push(part.trim().toLowerCase());
  }
  return named;
}
