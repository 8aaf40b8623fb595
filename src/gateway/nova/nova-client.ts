import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { HttpAnswer, RelayedHead } from '../../compute/http-answer.js';
import type { RequestUrl } from '../../openstack/urls/api-url.js';
import { novaGone, novaSilent } from './nova.errors.js';
import { isHangUp } from './upstream/hang-up.js';
import { forwardedHeaders, headerOf, notStored } from './upstream/headers.js';
import { NovaUpstream, type UpstreamRequest } from './upstream/nova-upstream.js';
import { NoAnswer, type UpstreamAnswer, wholeAnswer } from './upstream/whole-answer.js';

/** Nova's answer, unchanged. */
export interface NovaAnswer extends HttpAnswer {
  body: Buffer;
  relayed: RelayedHead;
}

/** Asks Nova on behalf of a client, with the client's token, so that Nova decides what it may see. */
@Injectable()
export class NovaClient {
  constructor(private readonly upstream: NovaUpstream) {}

  /**
   * The answer to a client's request, or to the same request for another URL. It only reads, so it is sent once more if
   * the connection ends before an answer, as an idle one may.
   *
   * @param without names of headers in lower case that are left out
   * @throws ApiError without an answer
   */
  async get({ raw }: FastifyRequest, url: RequestUrl, ...without: string[]): Promise<NovaAnswer> {
    const headers = forwardedHeaders(raw.rawHeaders, 'content-length', ...without);
    const answer = await this.ask({ method: raw.method as string, url, headers, body: null });
    return relayed({ ...answer, rawHeaders: notStored(raw, answer.rawHeaders) });
  }

  /**
   * What Nova shows under another URL to the sender of a request that changes something.
   *
   * @returns `null` for anything but a 200 with a JSON object
   * @throws ApiError without an answer
   */
  async read({ raw }: FastifyRequest, url: RequestUrl): Promise<object | null> {
    const headers = forwardedHeaders(raw.rawHeaders, ...OF_A_BODY, 'accept-encoding');
    const answer = await this.ask({ method: 'GET', url, headers, body: null });
    return answer.status === 200 ? objectOf(answer.body) : null;
  }

  private async ask(request: UpstreamRequest): Promise<UpstreamAnswer> {
    try {
      return await wholeAnswer(this.upstream, request).catch((error: unknown) => {
        if (error instanceof NoAnswer && error.wasSent && isHangUp(error.reason))
          return wholeAnswer(this.upstream, request, { isAgain: true });
        throw error;
      });
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      throw error.wasSent ? novaSilent(error.reason) : novaGone();
    }
  }
}

/** Headers that describe a request's body. */
const OF_A_BODY = ['content-length', 'content-type', 'content-encoding'];

function objectOf(body: Buffer): object | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** An answer from Nova's address, ready to be relayed. */
export function relayed({ status, statusText, rawHeaders, body }: UpstreamAnswer): NovaAnswer {
  const requestId = headerOf(rawHeaders, 'x-compute-request-id');
  return { status, headers: {}, body, relayed: { statusText, rawHeaders, requestId } };
}
