import { ApiError } from '../errors/api-error.js';

/** The tag header is invalid. Nothing was recorded. */
export class InvalidTagError extends ApiError {
  constructor(message: string) {
    super('INVALID_TAG', 400, message);
  }
}

/** A tag is required here. Nothing was recorded. */
export class MissingTagError extends ApiError {
  constructor(header: string) {
    super(
      'MISSING_TAG',
      400,
      `${header} is missing. Send a new text for each request, and the same text to repeat one.`,
    );
  }
}
