import { readFileSync } from 'node:fs';
import { addressOf, type ApiKind } from '../api/address.js';
import { Api } from '../api/api.js';
import { type Fetch, httpFetch, type TlsSettings } from '../api/http-fetch.js';
import type { Given } from '../arguments/given.js';
import { UsageError } from '../command.errors.js';
import type { Messages } from '../output/messages.js';
import { type CloudConfig, cloudConfig } from './cloud-config.js';
import { readCloudFiles } from './config-files.js';
import { signIn } from './sign-in.js';

/** What the process gives to a connection. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  cwd: string;
  messages: Messages;
  signal: AbortSignal;
}

/**
 * Finds the API, and signs in: with a URL and a token of its own, or at the cloud of `clouds.yaml` and `OS_*`.
 *
 * @throws UsageError when it is not said where, or who
 */
export async function connect(given: Given, { env, cwd, messages, signal }: Surroundings): Promise<Api> {
  const trace = (line: string) => messages.debug(line);
  const extra = headersOf(given.texts('header'));
  const url = given.text('url') ?? (env['TASKTAG_URL'] || undefined);
  const token = given.text('token') ?? (env['TASKTAG_TOKEN'] || undefined);
  const own = url === undefined ? null : addressOf(url, given.oneOf('api', ['openstack', 'host']));
  if (own === null && token !== undefined)
    throw new UsageError(
      'A token needs --url (TASKTAG_URL). For a token of Keystone set OS_TOKEN and OS_AUTH_URL.',
    );
  // A library host has users of its own: it never gets a token of Keystone.
  if (own !== null && (token !== undefined || own.kind === 'host' || isIn(extra, 'x-auth-token'))) {
    const tls = tlsOf({
      cacert: given.text('os-cacert') ?? (env['OS_CACERT'] || null),
      cert: null,
      key: null,
      verify: !given.isSet('insecure'),
    });
    const who: Record<string, string> = token === undefined ? {} : credential(own.kind, token);
    return new Api(own, withHeaders(httpFetch(tls, env, trace), { ...who, ...extra }), signal);
  }
  const files = readCloudFiles(env, cwd);
  for (const path of files.paths) messages.debug(`read ${path}`);
  const config = cloudConfig(files, env, {
    cloud: given.text('os-cloud'),
    region: given.text('os-region-name'),
    interface: given.oneOf('os-interface', ['public', 'internal', 'admin']),
    cacert: given.text('os-cacert'),
    insecure: given.isSet('insecure'),
  });
  const fetch = httpFetch(tlsOf(config), env, trace);
  const once: Fetch = (address, init) =>
    fetch(address, { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(SIGN_IN_MS)]) });
  const enter = () => signIn(config, once, own !== null);
  const first = await enter();
  const address = own ?? addressOf(first.endpoint, 'openstack');
  messages.debug(`the compute endpoint is ${address.base}`);
  const renew = config.auth['token'] === undefined ? async () => (await enter()).token : null;
  return new Api(address, withToken(fetch, first.token, renew, extra), signal);
}

function credential(kind: ApiKind, token: string): Record<string, string> {
  return kind === 'host' ? { authorization: `Bearer ${token}` } : { 'x-auth-token': token };
}

/** How long Keystone may take, in milliseconds. */
const SIGN_IN_MS = 30_000;

function withHeaders(fetch: Fetch, more: Record<string, string>): Fetch {
  return (url, init) => {
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(more)) headers.set(name, value);
    return fetch(url, { ...init, headers });
  };
}

/** Adds the token; when that is no longer valid, a new one. A request that got 401 was not recorded. */
function withToken(
  fetch: Fetch,
  first: string,
  renew: (() => Promise<string>) | null,
  extra: Record<string, string>,
): Fetch {
  let token = first;
  return async (url, init) => {
    const used = token;
    const response = await withHeaders(fetch, { 'x-auth-token': used, ...extra })(url, init);
    if (response.status !== 401 || renew === null) return response;
    if (token === used) token = await renew();
    return withHeaders(fetch, { 'x-auth-token': token, ...extra })(url, init);
  };
}

function headersOf(lines: string[]): Record<string, string> {
  const pairs = lines.map((line) => {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined || /[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw new UsageError('--header must be a name, a colon and a value, such as "X-User: acme/ann".');
    return [name.toLowerCase(), value];
  });
  return Object.fromEntries(pairs) as Record<string, string>;
}

function isIn(headers: Record<string, string>, name: string): boolean {
  return headers[name] !== undefined;
}

function tlsOf({
  cacert,
  cert,
  key,
  verify,
}: Pick<CloudConfig, 'cacert' | 'cert' | 'key' | 'verify'>): TlsSettings {
  return {
    rejectUnauthorized: verify,
    ...(cacert !== null && { ca: pem('cacert', cacert) }),
    ...(cert !== null && { cert: pem('cert', cert) }),
    ...((key ?? cert) !== null && { key: pem('key', (key ?? cert) as string) }),
  };
}

function pem(what: string, path: string): string {
  try {
    return readFileSync(path.replace(/^~(?=\/)/, process.env['HOME'] ?? '~'), 'utf8');
  } catch {
    throw new UsageError(`The file ${path}, which ${what} names, cannot be read.`);
  }
}
