import type { ComputeRequest } from '../../../compute/compute.service.js';
import type { Settings } from '../../../config/settings.js';
import { urlOf } from '../../../openstack/urls/url-of.js';
import { markCreate } from '../markers/mark-create.js';
import { forwardedHeaders } from '../upstream/headers.js';
import type { UpstreamRequest } from '../upstream/nova-upstream.js';

/**
 * A task-enabled request as it goes to Nova: unchanged, except for the links to its task. These are OpenStack's global
 * request id, which comes back in Nova's notifications and logs, and a marker for a tagged create.
 *
 * @param serviceToken this server's own token, if it may vouch for users
 */
export function forwardedRequest(
  request: ComputeRequest,
  serviceToken: string | null,
  marker: Settings['NOVA_MARKER'],
): UpstreamRequest {
  const { http, taskUuid, isRecorded } = request;
  const { raw } = http;
  const added: string[] = [];
  if (isRecorded) added.push('X-OpenStack-Request-ID', `req-${taskUuid}`);
  if (serviceToken !== null && raw.headers['x-service-token'] === undefined) {
    added.push('X-Service-Token', serviceToken);
  }
  // The answer is read here, so it must not be compressed on the way.
  const replaced = ['content-length', 'accept-encoding', ...(isRecorded ? ['x-openstack-request-id'] : [])];
  return {
    method: raw.method as string,
    url: urlOf(http),
    headers: [...forwardedHeaders(raw.rawHeaders, ...replaced), ...added],
    body: bodyOf(request, marker),
  };
}

function bodyOf(
  { http, body, task, taskUuid, isMarked, microversion }: ComputeRequest,
  marker: Settings['NOVA_MARKER'],
): Buffer | null {
  const { rawBody = null } = http as { rawBody?: Buffer };
  const isToMark = rawBody !== null && isMarked && task === 'create';
  return isToMark ? markCreate(rawBody, body, taskUuid, microversion, marker) : rawBody;
}
