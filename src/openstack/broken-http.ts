import type { FastifyInstance } from 'fastify';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { BadRequest, faultBody } from './faults.js';
import { ownHeaders } from './own-headers.js';
import { newRequestId } from './request-id.js';

const ANSWERS: Record<string, [status: number, reason: string, message: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'The headers of the request are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'The request did not arrive in time.'],
};

/** Answers data that is not HTTP at all; there is no request yet, only a connection. */
export function answerBrokenHttp(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
  if (isAnswering(socket)) {
    // Anything written now would be taken for a part of that answer, or for the answer itself.
    socket.destroy();
    return;
  }
  const [status, reason, message] = ANSWERS[error.code ?? ''] ?? [
    400,
    'Bad Request',
    'The request is not valid HTTP.',
  ];
  const body = JSON.stringify(faultBody(status, message));
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    ...ownHeaders(newRequestId()),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status} ${reason}`, ...lines, '', body].join('\r\n'));
}

/**
 * Whether a complete request is waiting for its answer or being answered; Node's own handler uses the same property.
 */
function isAnswering(socket: Socket): boolean {
  const answer = (socket as { _httpMessage?: ServerResponse | null })._httpMessage;
  return answer != null && (answer.headersSent || answer.req.complete);
}

/** Refuses HTTP/1.1 without a Host, which Node would do in its own words; see `requireHostHeader`. */
export function refuseMissingHost(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ raw }, _reply, done) => {
    const isMissing = raw.headers.host === undefined && raw.httpVersion === '1.1';
    done(isMissing ? new BadRequest('The request has no Host header.') : undefined);
  });
}
