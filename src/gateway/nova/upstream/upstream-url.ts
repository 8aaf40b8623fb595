import { requestTarget, type RequestUrl } from '../../../openstack/urls/api-url.js';

/**
 * Path and query of a request to Nova: as the client wrote them, without a tag in the endpoint, and with `/v2.1`
 * instead of `/v3`, which Nova does not have.
 *
 * @param prefix path of `NOVA_URL`, without a trailing slash
 */
export function upstreamTarget({ written, endpoint, untagged, api }: RequestUrl, prefix: string): string {
  // Most requests.
  if (written.startsWith('/v2.1/')) return prefix + written;
  if (api?.version === 'v3') return prefix + untagged.replace(/^\/[^/?]*/, '/v2.1');
  return prefix + (endpoint === null ? requestTarget(written) : untagged);
}
