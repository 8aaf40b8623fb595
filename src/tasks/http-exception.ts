import { HttpException } from '@nestjs/common';
import { ApiError } from '../errors/api-error.js';
import { isOutOfReach } from '../errors/out-of-reach.js';

/**
 * An error as Nest's own exception filter answers it: status, code, message and what else the error tells. A database
 * that does not answer is a 503; what is neither stays as it is.
 */
export function httpException(error: unknown): unknown {
  if (error instanceof ApiError) {
    const { status: statusCode, code, message, details } = error;
    return new HttpException({ statusCode, code, message, ...details }, statusCode, { cause: error });
  }
  if (!isOutOfReach(error)) return error;
  const message = 'The database does not answer. Nothing was done. Try again later.';
  return new HttpException({ statusCode: 503, code: 'DATABASE_DOWN', message }, 503, { cause: error });
}
