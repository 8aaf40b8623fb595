import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { UnreachableError, UsageError } from '../command.errors.js';

/** A `fetch` of one address. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Whom to trust, and who one is. */
export interface TlsSettings {
  /** Certificates, in PEM. */
  ca?: string;
  cert?: string;
  key?: string;
  rejectUnauthorized: boolean;
}

/** Answers that have no body, which `Response` insists on. */
const WITHOUT_BODY = [204, 205, 304];

/**
 * A `fetch` with certificates of the user's, which Node's own cannot have without a package. It follows no redirects.
 * On a Node that knows how, it goes by the proxy that `HTTPS_PROXY` names.
 *
 * @param trace gets a line for each answer: no header, no body, and no password in the URL
 */
export function httpFetch(tls: TlsSettings, env: NodeJS.ProcessEnv, trace: (line: string) => void): Fetch {
  const shared = { keepAlive: true, proxyEnv: env };
  const agents = { 'http:': new HttpAgent(shared), 'https:': new HttpsAgent({ ...shared, ...tls }) };
  return async (address, init) => {
    const url = new URL(address);
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw new UsageError(`${url.protocol}//… is no address of an API: it must be http or https.`);
    const shown = `${init.method ?? 'GET'} ${url.origin}${url.pathname}${url.search}`;
    const start = Date.now();
    try {
      const response = await exchange(url, init, agents[url.protocol]);
      const id = response.headers.get('x-openstack-request-id') ?? response.headers.get('x-request-id');
      trace(`${shown}: ${response.status}, ${Date.now() - start} ms${id === null ? '' : `, ${id}`}`);
      return response;
    } catch (error) {
      if (init.signal?.aborted === true && !isTimeout(init.signal.reason)) throw init.signal.reason;
      const why = reasonOf(error);
      trace(`${shown}: no answer, ${Date.now() - start} ms: ${why}`);
      throw new UnreachableError(`${url.origin} does not answer: ${why}.`, { cause: error });
    }
  };
}

function exchange(url: URL, init: RequestInit, agent: HttpAgent | HttpsAgent): Promise<Response> {
  return new Promise((resolve, reject) => {
    const options = {
      method: init.method ?? 'GET',
      headers: Object.fromEntries(new Headers(init.headers)),
      agent,
      ...(init.signal && { signal: init.signal }),
    };
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, options, (incoming) => {
      buffer(incoming).then((body) => resolve(responseOf(incoming, body)), reject);
    });
    request.once('error', reject);
    request.end(bytesOf(init.body));
  });
}

function responseOf({ statusCode: status = 0, rawHeaders }: IncomingMessage, body: Buffer): Response {
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2)
    headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  return new Response(WITHOUT_BODY.includes(status) ? null : new Uint8Array(body), { status, headers });
}

function bytesOf(body: RequestInit['body']): string | Uint8Array | undefined {
  if (body === null || body === undefined) return undefined;
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  throw new TypeError('This fetch sends texts and bytes only');
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}

/** What went wrong, in a few words. */
function reasonOf(error: unknown): string {
  if (isTimeout((error as Error).cause ?? error)) return 'it takes too long';
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const known: Record<string, string> = {
    ECONNREFUSED: 'nobody listens there',
    ECONNRESET: 'the connection broke',
    EPIPE: 'the connection broke',
    ENOTFOUND: 'there is no such host',
    EAI_AGAIN: 'the name of the host cannot be looked up now',
    ETIMEDOUT: 'it takes too long',
    EPROTO: 'it does not speak TLS there',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted (--os-cacert, or cacert in clouds.yaml)',
    SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted (--os-cacert, or cacert in clouds.yaml)',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted (--os-cacert, or cacert in clouds.yaml)',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
      'its certificate is not trusted (--os-cacert, or cacert in clouds.yaml)',
  };
  return known[code] ?? (message || code || 'no reason is known');
}
