import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { targetOf } from '../../openstack/api-url.js';
import { endpointPrefix } from '../../openstack/endpoint-tag.js';
import { sendAnswer } from '../http-answer.js';
import { NovaClient } from './nova-client.js';

/** `/`, and a version alone: what clients read to find the API. */
const VERSION_DOCUMENT = /^\/?(v[\d.]+\/?)?$/;

/**
 * Nova's version documents for an endpoint that has a tag in it. Clients follow their links, which must have the tag
 * too, or it would be lost on the way.
 */
@Injectable()
export class VersionDocuments {
  constructor(private readonly nova: NovaClient) {}

  /** Whether a request asks for one. */
  isAsked({ method, originalUrl }: FastifyRequest): boolean {
    if (!originalUrl.includes('/tag/')) return false;
    const target = targetOf(originalUrl);
    const prefix = endpointPrefix(target);
    const [path] = target.slice(prefix.length).split('?', 1);
    return prefix !== '' && method === 'GET' && VERSION_DOCUMENT.test(path as string);
  }

  async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const answer = await this.nova.get(request, request.originalUrl, 'accept-encoding');
    const tagged = withPrefix(answer.body, request.host, endpointPrefix(targetOf(request.originalUrl)));
    const rawHeaders = answer.relayed.rawHeaders.map((part, n, all) =>
      all[n - 1]?.toLowerCase() === 'content-length' ? String(tagged.length) : part,
    );
    sendAnswer(reply, { ...answer, body: tagged, relayed: { ...answer.relayed, rawHeaders } });
  }
}

/** Puts a prefix before the path of each link to this server. */
function withPrefix(body: Buffer, host: string, prefix: string): Buffer {
  const text = body.toString('utf8');
  const links = ['http', 'https'].map((scheme) => `"${scheme}://${host}/`);
  return Buffer.from(
    links.reduce((all, link) => all.replaceAll(link, `${link.slice(0, -1)}${prefix}/`), text),
  );
}
