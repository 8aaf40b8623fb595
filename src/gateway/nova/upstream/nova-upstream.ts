import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import { buildConnector, type Dispatcher, Pool } from 'undici';
import { Settings } from '../../../config/settings.js';
import type { RequestUrl } from '../../../openstack/urls/api-url.js';
import { upstreamTarget } from './upstream-url.js';

/** A request to Nova. */
export interface UpstreamRequest {
  method: string;
  /** Of the client's request, or of another one that is asked for in its place. */
  url: RequestUrl;
  /** Names and values by turns. */
  headers: string[];
  body: Buffer | Readable | null;
}

/** How long a connection to Nova may take, in milliseconds. */
const CONNECT_LIMIT_MS = 5000;

/**
 * How long an idle connection is kept, in milliseconds: less than web servers keep it (Apache: 5 s). A request sent
 * while the other side hangs up may or may not have arrived.
 */
const IDLE_LIMIT_MS = 3000;

/** The longest head of an answer, in bytes. */
const MAX_HEAD = 64 * 1024;

/**
 * The connections to Nova that carry clients' requests. Their number is that of simultaneous requests.
 *
 * Requests that only read use connections that are kept: when one breaks, they are sent again. Every other request gets
 * a connection of its own, which has carried nothing before and carries nothing after it. No other connection is safe:
 * a server may close a kept one at any time, and some do so after each answer without announcing it, such as uWSGI as
 * Debian runs Nova with it. A request that is on its way then may or may not have arrived.
 */
@Injectable()
export class NovaUpstream implements OnApplicationShutdown {
  private readonly kept: Pool;
  private readonly fresh: Pool;
  private readonly prefix: string;
  /** The name by which Nova's certificate is checked; `undefined` for an address, which is not a name. */
  private readonly servername: string | undefined;

  constructor({ NOVA_URL, NOVA_TIMEOUT_MS }: Settings) {
    const { origin, hostname, pathname } = new URL(NOVA_URL);
    this.servername = isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? hostname : undefined;
    const connect = buildConnector({ timeout: CONNECT_LIMIT_MS });
    this.prefix = pathname.replace(/\/+$/, '');
    const options: Pool.Options = {
      // By default the library would take the name from `Host`, which is the client's.
      connect: (options, connected) => connect({ ...options, servername: this.servername }, connected),
      keepAliveTimeout: IDLE_LIMIT_MS,
      keepAliveMaxTimeout: IDLE_LIMIT_MS,
      headersTimeout: NOVA_TIMEOUT_MS,
      bodyTimeout: NOVA_TIMEOUT_MS,
      maxHeaderSize: MAX_HEAD,
    };
    this.kept = new Pool(origin, options);
    this.fresh = new Pool(origin, options);
  }

  /**
   * Sends a request on. Errors are reported to the handler alone: before `onRequestStart`, nothing was sent.
   *
   * @param isAgain whether it is sent for the second time: the next kept connection may be as dead as the last one
   */
  dispatch(request: UpstreamRequest, handler: Dispatcher.DispatchHandler, isAgain = false): void {
    const { method, url, headers, body } = request;
    const path = upstreamTarget(url, this.prefix);
    // Missing from the library's types, but it connects anew when this changes (lib/dispatcher/client.js).
    const name = { servername: this.servername };
    if (isRepeatable(request) && !isAgain)
      this.kept.dispatch({ method, path, headers, body, ...name }, handler);
    else this.fresh.dispatch({ method, path, headers, body, reset: true, ...name }, handler);
  }

  /** After the last answer has gone out. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.kept.destroy(), this.fresh.destroy()]);
  }
}

/** Whether a request may be sent again when there was no answer: it only reads, and is still there completely. */
export function isRepeatable({ method, body }: Pick<UpstreamRequest, 'method' | 'body'>): boolean {
  return body === null && (method === 'GET' || method === 'HEAD');
}
