import type { IncomingMessage } from 'node:http';
import { toByteString, toText } from '../url/percent-encoding.js';
import { InvalidTagError } from './tag.errors.js';

/** The longest tag, in bytes. */
export const MAX_TAG_BYTES = 255;

/**
 * A tag is any 1 to 255 bytes. In the code it is a byte string, as Node gives header values: each character is one
 * byte. It is compared and echoed exactly as it came, whatever its encoding. `tagFromText` and `tagToText` convert a
 * text to a tag, and back.
 */
export type Tag = string;

/** Where a message has its headers. */
type Headers = Pick<IncomingMessage, 'rawHeaders' | 'headers'>;

/**
 * Reads the tag of a request.
 *
 * It looks at the raw header lines, because Node joins repeated headers with `, `, which would turn two tags into one.
 * Middleware that gives a request its tag, or a serverless adapter, which has no lines, sets `headers` only.
 *
 * @returns `null` when the request has none
 * @throws InvalidTagError for two header lines, an empty tag, one that is too long or that cannot be echoed
 */
export function readTag(message: Headers, header: string): Tag | null {
  const wanted = header.toLowerCase();
  const tag = tagOfLines(message.rawHeaders, wanted, header) ?? tagOfValue(message.headers[wanted], header);
  if (tag !== null) assertTag(tag, header);
  return tag;
}

function tagOfLines(rawHeaders: readonly string[], wanted: string, header: string): Tag | null {
  let tag: Tag | null = null;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length !== wanted.length || name.toLowerCase() !== wanted) continue;
    if (tag !== null) throw sentTwice(header);
    tag = rawHeaders[i + 1] as string;
  }
  return tag;
}

function tagOfValue(value: string | string[] | undefined, header: string): Tag | null {
  if (!Array.isArray(value)) return value ?? null;
  if (value.length > 1) throw sentTwice(header);
  return value[0] ?? null;
}

function sentTwice(header: string): InvalidTagError {
  return new InvalidTagError(`${header} was sent more than once. Send it once, with one tag.`);
}

/**
 * @param source where the tag comes from, in the words of the message
 * @throws InvalidTagError for an empty tag, one that is too long or that cannot be echoed
 */
export function assertTag(tag: Tag, source: string): void {
  if (tag === '') throw new InvalidTagError(`${source} is empty. Send 1 to ${MAX_TAG_BYTES} bytes, or none.`);
  if (tag.length > MAX_TAG_BYTES) {
    throw new InvalidTagError(`${source} has ${tag.length} bytes. At most ${MAX_TAG_BYTES} are allowed.`);
  }
  if (/[^\t\x20-\x7e\x80-\xff]/.test(tag)) {
    const what = isBytes(tag) ? 'has a control character' : 'is a text, not a string of bytes';
    throw new InvalidTagError(`${source} ${what}, which no answer could echo.`);
  }
}

/** Whether a byte string can be a tag. */
export function isTag(tag: string): tag is Tag {
  return /^[\t\x20-\x7e\x80-\xff]+$/.test(tag) && tag.length <= MAX_TAG_BYTES;
}

/** Whether a text can be a tag at all: in any other text, characters would be cut to a byte. */
export function isBytes(text: string): boolean {
  return !/[^\0-\xff]/.test(text);
}

/** The tag of a text that a client sends in UTF-8. An ASCII text is its own tag. */
export function tagFromText(text: string): Tag {
  return toByteString(text);
}

/** A tag for readers: its text if it is UTF-8, else a character for each byte. */
export function tagToText(tag: Tag): string {
  return toText(tag);
}
