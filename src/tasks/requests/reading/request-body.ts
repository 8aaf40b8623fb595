import type { IncomingMessage } from 'node:http';
import { nodeRequest } from '../../../http/node-http.js';
import { UnreadBodyError } from '../../task.errors.js';
import { jsonText } from './json-text.js';
import { hasBytes } from './unread-bytes.js';

/** The body of a request for comparison, the same on every platform. */
export interface RequestBody {
  /** Without parameters, in lower case; `null` when the request has none. */
  mediaType: string | null;
  body: Buffer;
}

interface WithBody {
  /** The body as it came; if the host does not keep it, the parsed body is used. */
  rawBody?: unknown;
  body?: unknown;
}

/** HTTP/2 knows more about a request. */
interface WithStream {
  stream?: { endAfterHeaders?: boolean };
}

/** Media types for which every parser turns an empty body into an empty object. */
const PARSED = /^application\/(.*\+)?json$|^application\/x-www-form-urlencoded$/;

/**
 * Reads the body of a request, to be compared with others.
 *
 * @param jsonTypes media types that count as JSON here, besides JSON's own
 * @throws UnreadBodyError when no parser has read the body, or not all of it: two different requests could not be told
 *   apart
 */
export function requestBody(
  request: object,
  jsonTypes: readonly string[] = [],
): RequestBody | Promise<RequestBody> {
  const message = nodeRequest(request);
  const named = message.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() || null;
  const mediaType = named !== null && jsonTypes.includes(named) ? 'application/json' : named;
  const { rawBody, body } = request as WithBody;
  if (Buffer.isBuffer(rawBody)) return { mediaType, body: rawBody };
  // The files of a form are not in the body that its parser returns.
  if (mediaType?.startsWith('multipart/') === true) throw new UnreadBodyError(mediaType);
  if (isParsed(body, mediaType)) return { mediaType, body: asBytes(body) };
  const unread = (is: boolean): RequestBody => {
    if (is) throw new UnreadBodyError(mediaType);
    return { mediaType, body: asBytes(body ?? '') };
  };
  const there = isThere(message);
  return typeof there === 'boolean' ? unread(there) : there.then(unread);
}

function isParsed(body: unknown, mediaType: string | null): boolean {
  if (body === undefined) return false;
  // Some parsers leave an empty object, or null, when the media type is not theirs.
  const isNothing =
    body === null ||
    (typeof body === 'object' &&
      !Buffer.isBuffer(body) &&
      !Array.isArray(body) &&
      Object.keys(body).length === 0);
  return !isNothing || PARSED.test(mediaType ?? '');
}

function isThere(message: IncomingMessage): boolean | Promise<boolean> {
  const { headers, httpVersionMajor } = message;
  const length = headers['content-length'];
  if (length !== undefined) return Number(length) > 0;
  if (httpVersionMajor >= 2) return (message as WithStream).stream?.endAfterHeaders !== true;
  return headers['transfer-encoding'] !== undefined && hasBytes(message);
}

/** Turns a parsed body into bytes; different bodies give different bytes. */
function asBytes(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  // UTF-8 cannot encode half of a surrogate pair; JSON has escapes for it.
  if (typeof body === 'string' && !isJsonText(body) && !/\p{Surrogate}/u.test(body)) return Buffer.from(body);
  return Buffer.from(jsonText(body) ?? '');
}

/** Whether a text is JSON itself. Unquoted, it would look like that value, but `"5"` and `5` are two requests. */
function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
