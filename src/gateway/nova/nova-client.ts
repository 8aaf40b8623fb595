import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { HttpAnswer, RelayedHead } from '../../compute/http-answer.js';
import type { RequestUrl } from '../../openstack/urls/api-url.js';
import { novaGone, novaSilent } from './nova.errors.js';
import { isHangUp } from './upstream/hang-up.js';
import { forwardedHeaders, headerOf, notStored } from './upstream/headers.js';
import { NovaUpstream } from './upstream/nova-upstream.js';
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
    const request = { method: raw.method as string, url, headers, body: null };
    const ask = async (isAgain: boolean) => {
      const answer = await wholeAnswer(this.upstream, request, { isAgain });
      return relayed({ ...answer, rawHeaders: notStored(raw, answer.rawHeaders) });
    };
    try {
      return await ask(false).catch((error: unknown) => {
        if (error instanceof NoAnswer && error.wasSent && isHangUp(error.reason)) return ask(true);
        throw error;
      });
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      throw error.wasSent ? novaSilent(error.reason) : novaGone();
    }
  }
}

/** An answer from Nova's address, ready to be relayed. */
export function relayed({ status, statusText, rawHeaders, body }: UpstreamAnswer): NovaAnswer {
  const requestId = headerOf(rawHeaders, 'x-compute-request-id');
  return { status, headers: {}, body, relayed: { statusText, rawHeaders, requestId } };
}
