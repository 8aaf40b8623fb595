import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors/api-error.js';
import { isOutOfReach } from '../storage/driver-errors.js';
import { faultBody, NotFound, ServiceUnavailable, Unauthorized } from './faults.js';

/** The body of the answer to an error. */
export function faultText({ status, message, details, code }: ApiError): string {
  return JSON.stringify(faultBody(status, message, details, code));
}

/** Turns every error into a fault in Nova's shape. Details not meant for clients go only to the log. */
@Catch()
export class FaultFilter implements ExceptionFilter {
  private readonly logger = new Logger(FaultFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Also for errors that occur in Fastify before Nest gets the request. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    if (reply.sent || reply.raw.headersSent) {
      // An answer was to be sent past Fastify, and failed: only we can end it.
      if (reply.raw.headersSent || reply.raw.destroyed) return;
      this.logger.error({ err: error, request_id: request.id }, 'An answer could not be sent');
      reply.raw.destroy();
      return;
    }
    const fault = this.toApiError(error, request);
    if (fault instanceof Unauthorized) {
      void reply.header('WWW-Authenticate', `Keystone uri="${fault.identityUrl}"`);
    }
    if (fault.retryAfter !== undefined) void reply.header('Retry-After', fault.retryAfter);
    void reply.status(fault.status).header('content-type', 'application/json').send(faultText(fault));
  }

  private toApiError(error: unknown, request: FastifyRequest): ApiError {
    if (error instanceof ApiError) return error;
    // Nest's own answer for an unknown route has the URL in its text; Nova's has no such text.
    if (error instanceof HttpException && error.getStatus() === 404) return new NotFound();
    const status = (error as { statusCode?: unknown }).statusCode ?? (error as { status?: unknown }).status;
    if (status === 413) return new ApiError('TOO_LARGE', 413, 'Request is too large.');
    if (typeof status === 'number' && status >= 400 && status < 500) {
      return new ApiError('REFUSED', status, (error as Error).message);
    }
    if (isOutOfReach(error)) {
      this.logger.error({ err: error, request_id: request.id }, 'The database does not answer');
      return new ServiceUnavailable(
        'The database does not answer, so the outcome of the request is not known. Ask again later.',
        1,
      );
    }
    this.logger.error({ err: error, request_id: request.id }, 'Unexpected error');
    return new ApiError(
      'UNEXPECTED',
      500,
      `Unexpected error. The server's log has details under ${request.id}.`,
    );
  }
}
