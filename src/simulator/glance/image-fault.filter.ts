import { Catch } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import { ApiError } from '../../errors/api-error.js';
import { FaultFilter } from '../../openstack/fault.filter.js';
import { Unauthorized } from '../../openstack/faults.js';

/**
 * Answers errors as Glance does: in HTML, except for clients that ask for JSON. Glance's own client reads the text from
 * the HTML, and fails on the JSON.
 */
@Catch(ApiError)
export class ImageFaultFilter extends FaultFilter {
  override answer(error: ApiError, request: FastifyRequest, reply: FastifyReply): void {
    if (error instanceof Unauthorized) return super.answer(error, request, reply);
    if (reply.sent || reply.raw.headersSent) return;
    const title = STATUS_CODES[error.status] ?? '';
    const code = `${error.status} ${title}`;
    const wantsJson = request.headers.accept?.includes('application/json') ?? false;
    void reply
      .status(error.status)
      .header('content-type', wantsJson ? 'application/json' : 'text/html; charset=UTF-8')
      .send(wantsJson ? JSON.stringify({ message: error.message, code, title }) : page(code, error.message));
  }
}

function page(title: string, message: string): string {
  const text = message.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return [
    '<html>',
    ` <head><title>${title}</title></head>`,
    ` <body>`,
    `  <h1>${title}</h1>`,
    `  ${text}`,
    ` </body>`,
    '</html>',
    '',
  ].join('\n');
}
