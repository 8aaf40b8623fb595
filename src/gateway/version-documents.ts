import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendAnswer } from '../compute/http-answer.js';
import { urlOf } from '../openstack/urls/url-of.js';
import { NovaClient } from './nova/nova-client.js';
import { tagWouldBeLost } from './nova/nova.errors.js';
import { withNoStore } from './nova/upstream/headers.js';
import { taggedDocument } from './tagged-document.js';

/** `/`, and a version alone: the documents by which clients find the API. */
const VERSION_DOCUMENT = /^\/?(v[\d.]+\/?)?$/;

/** Headers of conditional requests: the copy that the client has may lack the tag. */
const CONDITIONS = ['if-none-match', 'if-modified-since'];

/**
 * Nova's version documents for an endpoint with a tag. Clients follow their links, which must contain the tag too, or
 * it would be lost on the way.
 */
@Injectable()
export class VersionDocuments {
  private readonly logger = new Logger(VersionDocuments.name);

  constructor(private readonly nova: NovaClient) {}

  /** Whether a request asks for one. */
  isAsked(request: FastifyRequest): boolean {
    const { endpoint, untagged } = urlOf(request);
    if (endpoint === null || request.method !== 'GET') return false;
    const [path] = untagged.split('?', 1);
    return VERSION_DOCUMENT.test(path as string);
  }

  /** @throws ApiError if no document keeps the tag */
  async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const url = urlOf(request);
    // As a whole, and as it can be read here.
    const answer = await this.nova.get(request, url, ...CONDITIONS, 'accept-encoding');
    const tagged = taggedDocument(answer, url.endpoint?.prefix ?? '');
    if (tagged === null) {
      this.logger.warn(
        `Nova's version document (${answer.status}) has no link that could carry the tag; it was not passed on`,
      );
      throw tagWouldBeLost();
    }
    const { relayed } = tagged;
    sendAnswer(reply, { ...tagged, relayed: { ...relayed, rawHeaders: withNoStore(relayed.rawHeaders) } });
  }
}
