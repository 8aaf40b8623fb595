import type { Fetch } from '../api/http-fetch.js';
import { jsonOf, messageOf, refusalOf } from '../api/refusal.js';
import { isRow, type Row } from '../api/task-row.js';
import { UnreachableError, UsageError } from '../command.errors.js';
import type { Auth, CloudConfig } from './cloud-config.js';
import { computeEndpoint } from './catalog.js';

/** A token, and where it is good. */
export interface SignedIn {
  token: string;
  /** The compute endpoint. */
  endpoint: string;
}

/** How to sign in, by the types of keystoneauth. */
const KINDS: Readonly<Record<string, 'password' | 'token' | 'credential' | 'none'>> = {
  password: 'password',
  v3password: 'password',
  token: 'token',
  v3token: 'token',
  v3applicationcredential: 'credential',
  admin_token: 'none',
  token_endpoint: 'none',
};

/**
 * Gets a token from Keystone, and the compute endpoint from its catalogue.
 *
 * @param isEndpointKnown whether the endpoint is given otherwise: then the catalogue need not have one
 * @throws UsageError when something is missing, or for another type; CommandError when Keystone refuses
 */
export async function signIn(config: CloudConfig, fetch: Fetch, isEndpointKnown: boolean): Promise<SignedIn> {
  const { auth } = config;
  const kind = kindOf(config);
  if (kind === 'none') {
    const endpoint = config.computeEndpoint ?? auth['endpoint'] ?? auth['url'];
    return { token: need(auth, 'token'), endpoint: endpoint ?? need(auth, 'endpoint') };
  }
  const url = `${identityUrl(need(auth, 'auth_url'))}/auth/tokens`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ auth: requestOf(kind, auth) }),
  });
  const body = await jsonOf(response);
  if (!response.ok) throw refusalOf(response.status, 'Keystone', url, messageOf(body));
  const token = response.headers.get('x-subject-token');
  const about = isRow(body) && isRow(body['token']) ? body['token'] : null;
  if (token === null || about === null)
    throw new UnreachableError(`There is no Keystone v3 at ${url}: its answer has no token.`);
  const endpoint =
    config.computeEndpoint ?? (isEndpointKnown ? '' : computeEndpoint(about['catalog'], config));
  return { token, endpoint };
}

function kindOf({ authType, auth }: CloudConfig) {
  if (authType === '') {
    if (auth['application_credential_secret'] !== undefined) return 'credential';
    if (auth['token'] === undefined) return 'password';
    return auth['auth_url'] === undefined ? 'none' : 'token';
  }
  const kind = KINDS[authType];
  if (kind === undefined)
    throw new UsageError(
      `The auth_type ${authType} is not known here. Sign in by the openstack command: ` +
        'OS_AUTH_TYPE=v3token OS_TOKEN=$(openstack token issue -f value -c id)',
    );
  return kind;
}

/** Keystone's v3 API. */
function identityUrl(authUrl: string): string {
  let url: URL;
  try {
    url = new URL(authUrl);
  } catch {
    throw new UsageError(`The auth_url ${authUrl} is no URL.`);
  }
  const base = `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  return base.endsWith('/v3') ? base : `${base.replace(/\/v2\.0$/, '')}/v3`;
}

/** The body of `POST /v3/auth/tokens`. */
function requestOf(kind: 'password' | 'token' | 'credential', auth: Auth): Row {
  switch (kind) {
    case 'credential':
      return {
        identity: { methods: ['application_credential'], application_credential: credentialOf(auth) },
      };
    case 'token':
      return { identity: { methods: ['token'], token: { id: need(auth, 'token') } }, ...scopeOf(auth) };
    case 'password':
      return {
        identity: {
          methods: ['password'],
          password: { user: { ...userOf(auth), password: need(auth, 'password') } },
        },
        ...scopeOf(auth),
      };
  }
}

function credentialOf(auth: Auth): Row {
  const secret = need(auth, 'application_credential_secret');
  const id = auth['application_credential_id'];
  if (id !== undefined) return { id, secret };
  return { name: need(auth, 'application_credential_name'), secret, user: userOf(auth) };
}

function userOf(auth: Auth): Row {
  if (auth['user_id'] !== undefined) return { id: auth['user_id'] };
  return { name: need(auth, 'username'), domain: domainOf(auth, 'user_') };
}

function scopeOf(auth: Auth): Row {
  if (auth['trust_id'] !== undefined) return { scope: { 'OS-TRUST:trust': { id: auth['trust_id'] } } };
  if (auth['project_id'] !== undefined) return { scope: { project: { id: auth['project_id'] } } };
  if (auth['project_name'] !== undefined)
    return { scope: { project: { name: auth['project_name'], domain: domainOf(auth, 'project_') } } };
  if (auth['system_scope'] !== undefined) return { scope: { system: { all: true } } };
  if (auth['domain_id'] !== undefined || auth['domain_name'] !== undefined)
    return { scope: { domain: domainOf(auth, '') } };
  return {};
}

function domainOf(auth: Auth, prefix: string): Row {
  const id = auth[`${prefix}domain_id`];
  return id !== undefined ? { id } : { name: need(auth, `${prefix}domain_name`) };
}

function need(auth: Auth, name: string): string {
  const value = auth[name];
  if (value === undefined)
    throw new UsageError(
      `To sign in, ${name} is missing: in clouds.yaml under auth, or as OS_${name.toUpperCase()}.`,
    );
  return value;
}
