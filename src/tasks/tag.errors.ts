import { ApiError } from '../errors/api-error.js';

/** The tag header cannot be taken as it is. Nothing was recorded. */
export class InvalidTagError extends ApiError {
  constructor(message: string) {
    super('INVALID_TAG', 400, message);
  }
}
