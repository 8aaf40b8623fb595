import type { FastifyInstance } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import { requestFact } from '../http/request-fact.js';

/** The address of this server for clients, according to a proxy in front of it. */
export interface ProxyView {
  scheme?: string;
  /** With the port, unless it is the scheme's default. */
  host?: string;
  /** The prefix that the proxy has removed from the path: `/compute`, or nothing. */
  prefix: string;
}

const proxyView = requestFact<ProxyView>('readProxyHeaders');

const SCHEME = /^https?$/i;
const HOST = /^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i;
const PREFIX = /^(\/[\w.~!$&'()*+;=:@%-]+)+\/?$/;

/** The first element of a list (RFC 9110, section 5.6.1): from the proxy that the client talks to. */
const FIRST = /^([^",]|"([^"\\]|\\.)*")*/;

/** Lets the links in answers follow a proxy's headers. A client that forges them only gets wrong links itself. */
export function readProxyHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    proxyView.set(request, readView(request.headers));
    done();
  });
}

/** What a proxy has said of a request; `undefined` where proxies are not listened to. */
export const proxyViewOf = proxyView.known;

/**
 * Reads the headers as Nova does (oslo.middleware, `http_proxy_to_wsgi.py`): `Forwarded` takes precedence over the
 * older ones, and `X-Forwarded-Prefix` counts in addition. Values that no client can have used are left out.
 */
export function readView(headers: IncomingHttpHeaders): ProxyView {
  const { forwarded } = headers;
  const { proto, host } = forwarded
    ? forwardedPairs(first(forwarded))
    : { proto: first(headers['x-forwarded-proto']), host: first(headers['x-forwarded-host']) };
  const prefix = first(headers['x-forwarded-prefix']);
  return {
    ...(proto !== undefined && SCHEME.test(proto) && { scheme: proto.toLowerCase() }),
    ...(host !== undefined && HOST.test(host) && { host }),
    prefix: PREFIX.test(prefix) ? prefix.replace(/\/$/, '') : '',
  };
}

function first(value: string | string[] | undefined): string {
  return FIRST.exec(String(value ?? ''))?.[0].trim() ?? '';
}

/** `for=192.0.2.60;proto=http;host="cloud.example:8443"` (RFC 7239). */
function forwardedPairs(element: string): Partial<Record<string, string>> {
  const pairs = element.split(';').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    const text = value.join('=').trim();
    const quoted = /^"(.*)"$/.exec(text)?.[1];
    return [name.trim().toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? text];
  });
  return Object.fromEntries(pairs) as Record<string, string>;
}
