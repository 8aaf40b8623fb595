import {
  BadRequestException,
  ConflictException,
  GatewayTimeoutException,
  GoneException,
  HttpException,
  Logger,
  NotFoundException,
  ServiceUnavailableException,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { ApiError } from '../../errors/api-error.js';
import { messageOf } from '../../errors/message-of.js';
import { withoutStack } from '../../errors/without-stack.js';
import { isMissingTable, isOutOfReach } from '../../storage/driver-errors.js';

const logger = new Logger('TasksModule');

/** Nest's own exceptions, which a host's filters may catch, by their statuses. */
const EXCEPTIONS = new Map([
  [400, BadRequestException],
  [404, NotFoundException],
  [409, ConflictException],
  [410, GoneException],
  [415, UnsupportedMediaTypeException],
  [503, ServiceUnavailableException],
  [504, GatewayTimeoutException],
]);

/**
 * An error as the exception of Nest that has its status, such as a `ConflictException`: Nest's own filter answers it
 * with status, code, message and the error's details. Its `cause` is the error, and its `errorCode` (since Nest 12) the
 * error's code. A database that does not answer, or has no tables yet, gives a 503; any other error is passed on unchanged.
 */
export function httpException(error: unknown): unknown {
  if (error instanceof ApiError) {
    const { status, code, message, details } = error;
    return exceptionOf(error, status, { code, message, ...details });
  }
  if (isMissingTable(error)) {
    logger.error(
      `Requests cannot be recorded: ${messageOf(error)}. Run the module's migrations, TASKS_MIGRATIONS.`,
    );
    const message = 'The database is not ready. Nothing was done. Try again later.';
    return exceptionOf(error, 503, { code: 'DATABASE_NOT_READY', message });
  }
  if (!isOutOfReach(error)) return error;
  const message = 'The database does not answer. Nothing was done. Try again later.';
  return exceptionOf(error, 503, { code: 'DATABASE_DOWN', message });
}

function exceptionOf(
  cause: unknown,
  statusCode: number,
  { code, ...more }: { code: string; message: string },
): HttpException {
  const body = { statusCode, code, ...more };
  const options = { cause, errorCode: code };
  const Exception = EXCEPTIONS.get(statusCode);
  return withoutStack(() =>
    Exception === undefined ? new HttpException(body, statusCode, options) : new Exception(body, options),
  );
}
