/** Headers between two servers only (RFC 9110, section 7.6.1), and those that this server answers or makes itself. */
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
 * What keystonemiddleware says of a valid token. Nova takes these headers from its own middleware alone; a client that
 * sends them wants to be taken for somebody else.
 */
const IDENTITY =
  /^(x-(service-)?(identity-status|roles?|domain-(id|name)|project-(id|name)|project-domain-(id|name)|user(-(id|name))?|user-domain-(id|name))|x-tenant(-(id|name))?|x-is-admin-project|openstack-system-scope|x-service-catalog)$/;

const NOT_FORWARDED = new Set([...HOP_BY_HOP, 'expect', 'task-tag']);
const NOT_RELAYED = new Set(HOP_BY_HOP);

/**
 * The headers of a request that are sent on.
 *
 * @param rawHeaders names and values by turns, as Node gives them
 * @param without further names in lower case, which the caller sends itself
 */
export function forwardedHeaders(rawHeaders: readonly string[], ...without: string[]): string[] {
  return select(
    rawHeaders,
    (name) => !NOT_FORWARDED.has(name) && !IDENTITY.test(name) && !without.includes(name),
  );
}

/** The headers of an answer that are sent on. */
export function relayedHeaders(rawHeaders: readonly Buffer[]): string[] {
  return select(
    rawHeaders.map((part) => part.toString('latin1')),
    (name) => !NOT_RELAYED.has(name),
  );
}

/** The first header of a name in lower case. */
export function headerOf(rawHeaders: readonly string[], wanted: string): string | undefined {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.toLowerCase() === wanted) return rawHeaders[i + 1];
  }
  return undefined;
}

/** What `Connection` names is between two servers too. */
function select(rawHeaders: readonly string[], isKept: (name: string) => boolean): string[] {
  const named =
    headerOf(rawHeaders, 'connection')
      ?.toLowerCase()
      .split(',')
      .map((name) => name.trim()) ?? [];
  const kept: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const lower = name.toLowerCase();
    if (isKept(lower) && !named.includes(lower)) kept.push(name, rawHeaders[i + 1] as string);
  }
  return kept;
}
