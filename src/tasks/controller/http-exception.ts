import { HttpException, Logger } from '@nestjs/common';
import { ApiError } from '../../errors/api-error.js';
import { messageOf } from '../../errors/message-of.js';
import { isMissingTable, isOutOfReach } from '../../storage/driver-errors.js';

const logger = new Logger('TasksModule');

/**
 * An error as Nest's own exception filter answers it: status, code, message and the error's details. A database that
 * does not answer, or has no tables yet, gives a 503; any other error is passed on unchanged.
 */
export function httpException(error: unknown): unknown {
  if (error instanceof ApiError) {
    const { status: statusCode, code, message, details } = error;
    return new HttpException({ statusCode, code, message, ...details }, statusCode, { cause: error });
  }
  if (isMissingTable(error)) {
    logger.error(
      `Requests cannot be recorded: ${messageOf(error)}. Run the module's migrations, TASKS_MIGRATIONS.`,
    );
    const message = 'The database is not ready. Nothing was done. Try again later.';
    return new HttpException({ statusCode: 503, code: 'DATABASE_NOT_READY', message }, 503, { cause: error });
  }
  if (!isOutOfReach(error)) return error;
  const message = 'The database does not answer. Nothing was done. Try again later.';
  return new HttpException({ statusCode: 503, code: 'DATABASE_DOWN', message }, 503, { cause: error });
}
