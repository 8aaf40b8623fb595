import type { TokenUse } from '../../identity/token-validator.js';
import type { RequestUrl } from '../../openstack/urls/api-url.js';
import { hasDotSegment } from '../../openstack/urls/dot-segments.js';
import { splitUrl } from '../../url/percent-encoding.js';
import { pathMatches } from './path-pattern.js';

/** A request that a restricted application credential may be used for, as Keystone describes it. */
export interface AccessRule {
  service: string;
  method: string;
  /** `*` and `{name}` match one segment, `**` any number: `/v2.1/servers/{server_id}`. */
  path: string;
}

const SERVICE = 'compute';

/**
 * Whether rules allow a request (keystonemiddleware, auth_token, `validate_allowed_request`). Rules are written for
 * `/v2.1`, so a request to `/v3` counts in its `/v2.1` form. A URL outside the compute API is not allowed.
 */
export function isAllowed(rules: readonly AccessRule[], { method, url }: TokenUse): boolean {
  const path = computePath(url);
  if (path === null) return false;
  return rules.some(
    (rule) => rule.service === SERVICE && rule.method === method && pathMatches(path, rule.path),
  );
}

function computePath({ api }: RequestUrl): string | null {
  if (api === null) return null;
  const [rest] = splitUrl(api.rest);
  const project = api.projectId === null ? '' : `/${api.projectId}`;
  const version = api.version === 'v3' ? 'v2.1' : api.version;
  const path = `/${version}${project}${rest}`.replace(/\/$/, '');
  return hasDotSegment(path) ? null : path;
}
