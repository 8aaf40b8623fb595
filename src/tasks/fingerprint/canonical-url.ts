import { decodeBytes, encodeBytes, queryPairs, splitUrl } from '../../url/percent-encoding.js';

/** Nearly every URL is its own canonical form. */
const CANONICAL = /^\/[A-Za-z0-9\-._~/]*[A-Za-z0-9\-._~]$/;

/**
 * Canonical form of the path and query of a request: percent-encoding normalised, no trailing slash, query
 * sorted by name while the values of one name keep their order. `?` without a query is no query.
 *
 * @param url path and query as in the request line
 */
export function canonicalUrl(url: string): string {
  if (CANONICAL.test(url)) return url;
  const [path, query] = splitUrl(url);
  const segments = path.split('/').map((segment) => encodeBytes(decodeBytes(segment)));
  while (segments.at(-1) === '') segments.pop();

  const pairs = queryPairs(query).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const sorted = pairs.map(([name, value]) => `${encodeBytes(name)}=${encodeBytes(value)}`).join('&');
  return `${segments.join('/') || '/'}${sorted === '' ? '' : `?${sorted}`}`;
}
