import type { IncomingMessage } from 'node:http';
import { toByteString, toText } from '../url/percent-encoding.js';
import { InvalidTagError } from './tag.errors.js';

/** The longest tag, in bytes. */
export const MAX_TAG_BYTES = 255;

/**
 * A tag is any 1 to 255 bytes. In the code it is a byte string, as Node gives header values: each character is
 * one byte. It is compared and echoed exactly as it came, whatever its encoding. `tagFromText` and `tagToText` lead from
 * a text to it, and back.
 */
export type Tag = string;

/** Where a message has its headers. */
type Headers = Pick<IncomingMessage, 'rawHeaders' | 'headers'>;

/**
 * Reads the tag of a request.
 *
 * It looks at the raw header lines, because Node joins repeated headers with `, `, which would make one tag of two. A
 * middleware that gives a request its tag, or an adapter without lines as in a serverless host, sets `headers` only.
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
 * @param source what the message calls the place that the tag comes from
 * @throws InvalidTagError for an empty tag, one that is too long or that cannot be echoed
 */
export function assertTag(tag: Tag, source: string): void {
  if (tag === '') throw new InvalidTagError(`${source} is empty. Send 1 to ${MAX_TAG_BYTES} bytes, or none.`);
  if (tag.length > MAX_TAG_BYTES) {
    throw new InvalidTagError(`${source} has ${tag.length} bytes. At most ${MAX_TAG_BYTES} are allowed.`);
  }
  if (/[^\t\x20-\x7e\x80-\xff]/.test(tag)) {
    const what = isBytes(tag) ? 'has a control character' : 'is a text, and no string of bytes';
    throw new InvalidTagError(`${source} ${what}, which no answer could echo.`);
  }
}

/** Whether a text can be a tag at all: of another one, each character would be cut to a byte. */
export function isBytes(text: string): boolean {
  return !/[^\0-\xff]/.test(text);
}

/** The tag that a text is when a client sends it in UTF-8. A text of ASCII is its own tag. */
export function tagFromText(text: string): Tag {
  return toByteString(text);
}

/** What a reader should see of a tag: its text where it is UTF-8, else a character for each byte. */
export function tagToText(tag: Tag): string {
  return toText(tag);
}

/** How a tag stands in the database: in hexadecimal, so that no collation can merge two tags. */
export function tagToColumn(tag: Tag): string {
  return Buffer.from(tag, 'latin1').toString('hex');
}

/** The tag of a database column. */
export function tagFromColumn(column: string): Tag {
  return Buffer.from(column, 'hex').toString('latin1');
}
