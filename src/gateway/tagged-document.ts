import type { NovaAnswer } from './nova/nova-client.js';

/** The path of a version, after any host and prefix that Nova may be known by; Nova's own links have one. */
const TO_A_VERSION = /^((?:https?:\/\/[^/?#]*)?(?:\/[^?#]*?)?)(\/v2(?:\.1)?(?:[/?#].*)?)$/;

interface VersionLink {
  rel?: unknown;
  href?: unknown;
}

/**
 * Nova's version document for a client whose endpoint has a tag: with the tag in each link to the API, since clients
 * follow them. The place for the tag is found by a link's path alone: proxies have many ways of saying by which host,
 * port and prefix Nova is known.
 *
 * @param prefix the part before the version in the client's endpoint, `/tag/{tag}`
 * @returns `null` if a client that followed it would lose its tag; an answer without links is unchanged
 */
export function taggedDocument(answer: NovaAnswer, prefix: string): NovaAnswer | null {
  if (answer.status >= 400) return answer;
  const { rawHeaders } = answer.relayed;
  const at = rawHeaders.findIndex((name, n) => n % 2 === 0 && name.toLowerCase() === 'location');
  if (at >= 0) {
    const location = tagged(rawHeaders[at + 1], prefix);
    if (location === null) return null;
    return { ...answer, relayed: { ...answer.relayed, rawHeaders: rawHeaders.with(at + 1, location) } };
  }
  const body = taggedBody(answer.body, prefix);
  return body === null ? null : withBody(answer, body);
}

function taggedBody(body: Buffer, prefix: string): Buffer | null {
  const document = parsed(body);
  const links = linksOf(document);
  let hasOne = false;
  for (const link of links) {
    const href = tagged(link.href, prefix);
    if (href === null && link.rel === 'self') return null;
    if (href !== null) link.href = href;
    hasOne ||= href !== null;
  }
  return hasOne ? Buffer.from(JSON.stringify(document)) : null;
}

function tagged(href: unknown, prefix: string): string | null {
  const [, before, path] = TO_A_VERSION.exec(typeof href === 'string' ? href : '') ?? [];
  return path === undefined ? null : `${before}${prefix}${path}`;
}

/** The links of one version, of all, or of those to choose from. */
function linksOf(document: unknown): VersionLink[] {
  const { version, versions, choices } = (document ?? {}) as Record<string, unknown>;
  const all = [version, ...listOf(versions), ...listOf(choices)];
  return all.flatMap((each) =>
    listOf((each as { links?: unknown } | null | undefined)?.links),
  ) as VersionLink[];
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : [];
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function withBody(answer: NovaAnswer, body: Buffer): NovaAnswer {
  const rawHeaders = answer.relayed.rawHeaders.map((part, n, all) =>
    n % 2 === 1 && all[n - 1]?.toLowerCase() === 'content-length' ? String(body.length) : part,
  );
  return { ...answer, body, relayed: { ...answer.relayed, rawHeaders } };
}
