import { ApiError } from '../../errors/api-error.js';

const MALFORMED =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. ' +
  'The client is assumed to be in error.';

/** A part of the request is missing. The words are Keystone's (keystone/exception.py, `ValidationError`). */
export class MissingAttribute extends ApiError {
  constructor(attribute: string, target: string) {
    super('MISSING_ATTRIBUTE', 400, `Expecting to find ${attribute} in ${target}. ${MALFORMED}`);
  }
}

/** A part of the request has the wrong type. Its value is not shown: it may be a password. */
export class InvalidAttribute extends ApiError {
  constructor(path: string, rule: string) {
    super('INVALID_ATTRIBUTE', 400, `Invalid input for field '${path}': ${rule}`);
  }
}

/** An id or a name is missing. */
export class MissingName extends ApiError {
  constructor(path: string) {
    super('MISSING_NAME', 400, `Invalid input for field ${path}: id or name must be present.`);
  }
}

/** The user, the password or the scope is invalid: the message does not say which. */
export class AuthenticationFailed extends ApiError {
  constructor(message = 'The request you have made requires authentication.') {
    super('AUTHENTICATION_FAILED', 401, message);
  }
}
