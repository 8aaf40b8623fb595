import { UnreadBodyError } from './task.errors.js';
import { nodeRequest } from './tasks.options.js';

/** What counts of a request's body, on every platform. */
export interface RequestBody {
  /** Without parameters, in lower case; `null` when the request names none. */
  mediaType: string | null;
  body: Buffer;
}

interface WithBody {
  /** The body as it came; where the host keeps none, the parsed body stands in for it. */
  rawBody?: unknown;
  body?: unknown;
}

/** Media types of which every parser gives an empty object for an empty body. */
const PARSED = /^application\/(.*\+)?json$|^application\/x-www-form-urlencoded$/;

/**
 * The body of a request, to be compared with others.
 *
 * @throws UnreadBodyError when there is a body that no parser has read, or read whole: two different requests could not
 *   be told apart
 */
export function requestBody(request: object): RequestBody {
  const { headers } = nodeRequest(request);
  const mediaType = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() || null;
  const { rawBody, body } = request as WithBody;
  if (Buffer.isBuffer(rawBody)) return { mediaType, body: rawBody };
  const isThere = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  // The files of a form are not in what its parser gives for the body.
  if (isThere && (isUnread(body, mediaType) || mediaType?.startsWith('multipart/') === true)) {
    throw new UnreadBodyError(mediaType);
  }
  return { mediaType, body: asBytes(body) };
}

function isUnread(body: unknown, mediaType: string | null): boolean {
  if (body === undefined || body === null) return true;
  // Some parsers leave an empty object when the media type is none of theirs.
  const isEmptyObject =
    typeof body === 'object' &&
    !Buffer.isBuffer(body) &&
    !Array.isArray(body) &&
    Object.keys(body).length === 0;
  return isEmptyObject && !PARSED.test(mediaType ?? '');
}

function asBytes(body: unknown): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  return Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
