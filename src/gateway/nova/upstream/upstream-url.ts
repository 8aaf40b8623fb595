import { parseApiUrl, requestTarget, targetOf, untaggedTarget } from '../../../openstack/api-url.js';
import { endpointPrefix } from '../../../openstack/endpoint-tag.js';

/**
 * Path and query under which Nova gets a request: as the client wrote them, without a tag in the endpoint, and with
 * `/v2.1` for `/v3`, which Nova does not know.
 *
 * @param prefix path of `NOVA_URL`, without a slash at its end
 */
export function upstreamTarget(url: string, prefix: string): string {
  // Most requests: as they are, without taking the URL apart once more.
  if (url.startsWith('/v2.1/')) return prefix + url;
  const target = untaggedTarget(url);
  if (parseApiUrl(url)?.version === 'v3') return prefix + target.replace(/^\/[^/?]*/, '/v2.1');
  return prefix + (endpointPrefix(targetOf(url)) === '' ? requestTarget(url) : target);
}
