import { ApiError } from '../errors/api-error.js';

/** Bad input: the client must change something. */
export class BadRequest extends ApiError {
  constructor(message: string) {
    super('BAD_REQUEST', 400, message);
  }
}

/** The token is missing or invalid. Answered in the words and the form of keystonemiddleware. */
export class Unauthorized extends ApiError {
  constructor(
    /** The address where clients get a token: the `WWW-Authenticate` of the answer. */ readonly identityUrl: string,
  ) {
    super('UNAUTHORIZED', 401, 'The request you have made requires authentication.');
  }
}

/** The user may not do this. */
export class Forbidden extends ApiError {
  constructor(message: string) {
    super('FORBIDDEN', 403, message);
  }
}

/** There is nothing, or nothing visible to this project: both are answered alike. */
export class NotFound extends ApiError {
  constructor(message = 'The resource could not be found.') {
    super('NOT_FOUND', 404, message);
  }
}

/** The API does not have this microversion. */
export class UnsupportedMicroversion extends ApiError {
  constructor(version: string, minimum: string, maximum: string) {
    super(
      'UNSUPPORTED_MICROVERSION',
      406,
      `Version ${version} is not supported by the API. Minimum is ${minimum} and maximum is ${maximum}.`,
    );
  }
}

/** The state of a resource does not allow the request now. */
export class Conflict extends ApiError {
  constructor(message: string, details?: Record<string, unknown>) {
    super('CONFLICT', 409, message, details);
  }
}

/** The resource existed once, and never will again. */
export class Gone extends ApiError {
  constructor() {
    super('GONE', 410, 'This resource is no longer available. No forwarding address is given.');
  }
}

/** This server does not support it, though others of its kind do. */
export class NotImplemented extends ApiError {
  constructor(message: string) {
    super('NOT_IMPLEMENTED', 501, message);
  }
}

/** The API does not read bodies of this type. */
export class UnsupportedMediaType extends ApiError {
  constructor(mediaType: string) {
    super(
      'UNSUPPORTED_MEDIA_TYPE',
      415,
      `The media type ${mediaType} is not supported. Use application/json.`,
    );
  }
}

/** The request may succeed later. */
export class ServiceUnavailable extends ApiError {
  constructor(
    message: string,
    override readonly retryAfter?: number,
  ) {
    super('SERVICE_UNAVAILABLE', 503, message);
  }
}

const NAMES: Record<number, string> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  405: 'badMethod',
  409: 'conflictingRequest',
  413: 'overLimit',
  415: 'badMediaType',
  429: 'overLimit',
  501: 'notImplemented',
  503: 'serviceUnavailable',
};

/** The names of conditions that Nova does not have, by their codes. */
const OWN_NAMES: Record<string, string> = { TAG_ABANDONED: 'gone' };

/**
 * The body of an error answer in Nova's shape (nova/api/openstack/wsgi.py, `Fault`).
 *
 * @param details further properties besides `code` and `message`
 * @param condition the code of the condition, if it may have a name of its own
 */
export function faultBody(
  status: number,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
  condition = '',
): object {
  if (status === 401) return { error: { code: 401, title: 'Unauthorized', message } };
  return { [OWN_NAMES[condition] ?? NAMES[status] ?? 'computeFault']: { code: status, message, ...details } };
}
