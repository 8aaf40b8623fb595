import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import type { ApiError } from '../../../errors/api-error.js';
import { faultText } from '../../../openstack/fault.filter.js';
import { ownHeaders } from '../../../openstack/own-headers.js';
import { urlOf } from '../../../openstack/urls/url-of.js';
import { novaGone, novaSilent } from '../nova.errors.js';
import { isHangUp } from '../upstream/hang-up.js';
import { forwardedHeaders } from '../upstream/headers.js';
import { isRepeatable, NovaUpstream, type UpstreamRequest } from '../upstream/nova-upstream.js';
import { AnswerRelay } from './answer-relay.js';

/** Bodies up to this many bytes are read completely, which is faster; longer ones are streamed. */
const SMALL_BODY = 64 * 1024;

/** Sends requests on to Nova and its answers back, byte for byte, recording nothing. */
@Injectable()
export class PassThrough {
  private readonly logger = new Logger(PassThrough.name);

  constructor(private readonly upstream: NovaUpstream) {}

  /**
   * Answers a request with Nova's answer.
   *
   * @param body the body, if it has been read already
   */
  pass(request: FastifyRequest, reply: FastifyReply, body?: Buffer): void {
    const { raw } = request;
    reply.hijack();
    const length = Number(raw.headers['content-length'] ?? 0);
    if (body !== undefined) {
      this.send(request, reply, body);
    } else if (raw.headers['transfer-encoding'] !== undefined || length > SMALL_BODY) {
      this.send(request, reply, raw);
    } else if (length > 0) {
      collect(raw, (whole) => this.send(request, reply, whole));
    } else {
      this.send(request, reply, null);
    }
  }

  private send(request: FastifyRequest, reply: FastifyReply, body: Buffer | Readable | null): void {
    const { raw } = request;
    const upstreamRequest: UpstreamRequest = {
      method: raw.method as string,
      url: urlOf(request),
      headers: forwardedHeaders(raw.rawHeaders, ...(Buffer.isBuffer(body) ? ['content-length'] : [])),
      body,
    };
    this.attempt(upstreamRequest, reply, request);
  }

  private attempt(
    upstreamRequest: UpstreamRequest,
    reply: FastifyReply,
    request: FastifyRequest,
    isAgain = false,
  ): void {
    const relay = new AnswerRelay(reply.raw, (error, wasSent) => {
      // A client that has gone is not Nova's fault.
      if (reply.raw.destroyed) return;
      if (!isAgain && wasSent && isHangUp(error.code) && isRepeatable(upstreamRequest)) {
        this.attempt(upstreamRequest, reply, request, true);
        return;
      }
      const reason = error.code ?? error.name;
      this.logger.warn(`${upstreamRequest.method} was not answered by Nova: ${reason}`);
      this.fail(request, reply, wasSent ? novaSilent(reason) : novaGone());
    });
    this.upstream.dispatch(upstreamRequest, relay, isAgain);
  }

  private fail(request: FastifyRequest, reply: FastifyReply, fault: ApiError): void {
    const { raw } = reply;
    const body = faultText(fault);
    raw.writeHead(fault.status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...ownHeaders(request.id),
    });
    raw.end(body);
  }
}

function collect(stream: Readable, use: (whole: Buffer) => void): void {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.once('end', () => use(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
}
