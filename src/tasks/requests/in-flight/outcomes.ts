import { HttpException } from '@nestjs/common';
import { ApiError } from '../../../errors/api-error.js';
import type { Outcome } from '../../task.states.js';

/**
 * The outcome of a request by the status of its handler's answer. A 4xx means that nothing was done, except that a
 * handler that was given up (408) may go on. After a 5xx the outcome is not known.
 */
export function outcomeOfStatus(status: number): Outcome {
  if (status === 202) return { state: 'processing' };
  if (status < 400) return { state: 'success' };
  if (!isRefusal(status)) return { state: 'unknown' };
  return { state: 'rejected', fault: { code: status, message: `The request was answered ${status}.` } };
}

/**
 * A 4xx of the handler's own means that nothing was done. After any other error the outcome is not known: an HTTP
 * client's error may have come after something was done.
 */
export function outcomeOfError(error: unknown): Outcome {
  if (!(error instanceof HttpException || error instanceof ApiError)) return { state: 'unknown' };
  const status = error instanceof HttpException ? error.getStatus() : error.status;
  return isRefusal(status)
    ? { state: 'rejected', fault: { code: status, message: answeredText(error) } }
    : { state: 'unknown' };
}

/** The text that the client gets; if an error has several, as from a validation pipe, all of them. */
function answeredText(error: HttpException | ApiError): string {
  const body = error instanceof HttpException ? error.getResponse() : error.message;
  const message = typeof body === 'string' ? body : (body as { message?: unknown }).message;
  if (Array.isArray(message)) return message.map(String).join('; ');
  return typeof message === 'string' ? message : error.message;
}

function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408;
}
