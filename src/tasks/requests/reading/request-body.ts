import type { IncomingMessage } from 'node:http';
import { nodeRequest } from '../../../http/node-http.js';
import { UnreadBodyError } from '../../task.errors.js';
import { jsonText } from './json-text.js';
import { hasBytes } from './unread-bytes.js';

/** The body of a request as it counts, the same on every platform. */
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

/** HTTP/2 knows more about a request. */
interface WithStream {
  stream?: { endAfterHeaders?: boolean };
}

/** Media types of which every parser gives an empty object for an empty body. */
const PARSED = /^application\/(.*\+)?json$|^application\/x-www-form-urlencoded$/;

/**
 * The body of a request, to be compared with others.
 *
 * @param jsonTypes media types that stand for JSON here, beside JSON's own
 * @throws UnreadBodyError when there is a body that no parser has read, or read whole: two different requests could not
 *   be told apart
 */
export async function requestBody(request: object, jsonTypes: readonly string[] = []): Promise<RequestBody> {
  const message = nodeRequest(request);
  const named = message.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() || null;
  const mediaType = named !== null && jsonTypes.includes(named) ? 'application/json' : named;
  const { rawBody, body } = request as WithBody;
  if (Buffer.isBuffer(rawBody)) return { mediaType, body: rawBody };
  // The files of a form are not in what its parser gives for the body.
  if (mediaType?.startsWith('multipart/') === true) throw new UnreadBodyError(mediaType);
  if (isParsed(body, mediaType)) return { mediaType, body: asBytes(body) };
  if (await isThere(message)) throw new UnreadBodyError(mediaType);
  return { mediaType, body: asBytes(body ?? '') };
}

function isParsed(body: unknown, mediaType: string | null): boolean {
  if (body === undefined) return false;
  // Some parsers leave an empty object, or null, when the media type is none of theirs.
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

/** Of two parsed bodies that are not the same, two different ones. */
function asBytes(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  // UTF-8 has no half of a surrogate pair; JSON has escapes for it.
  if (typeof body === 'string' && !isJsonText(body) && !/\p{Surrogate}/u.test(body)) return Buffer.from(body);
  return Buffer.from(jsonText(body) ?? '');
}

/** Whether a text spells a value of JSON. By itself it would look like that value: `"5"` and `5` are two requests. */
function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
