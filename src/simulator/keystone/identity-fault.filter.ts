import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import { ApiError } from '../../errors/api-error.js';
import { TokenValidator } from '../../identity/token-validator.js';
import { origin } from '../../openstack/urls/links.js';

/** Answers errors in Keystone's shape (keystone/server/flask/application.py). Those not meant for clients pass on. */
@Catch(ApiError)
export class IdentityFaultFilter implements ExceptionFilter<ApiError> {
  constructor(private readonly tokens: TokenValidator) {}

  catch({ status, message }: ApiError, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent || reply.raw.headersSent) return;
    if (status === 401) {
      const url = this.tokens.identityUrl(origin(http.getRequest<FastifyRequest>()));
      void reply.header('WWW-Authenticate', `Keystone uri="${url}"`);
    }
    void reply
      .status(status)
      .header('content-type', 'application/json')
      .send(JSON.stringify({ error: { code: status, message, title: STATUS_CODES[status] } }));
  }
}
