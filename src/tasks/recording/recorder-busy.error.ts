import { ApiError } from '../../errors/api-error.js';

/** Too many writes are already waiting for the database. Nothing was recorded or carried out. */
export class RecorderBusyError extends ApiError {
  override readonly retryAfter = 1;

  constructor() {
    super(
      'RECORDER_BUSY',
      503,
      'Too many requests are waiting for the database. Nothing was done. Try again later.',
    );
  }
}
