import type { IncomingMessage } from 'node:http';
import { InvalidTagError } from './tag.errors.js';

/** The longest tag, in bytes. */
export const MAX_TAG_BYTES = 255;

/**
 * A tag is any 1 to 255 bytes. In the code it is a byte string, as Node gives header values: each character is
 * one byte. It is compared and echoed exactly as it came, whatever its encoding.
 */
export type Tag = string;

/**
 * Reads the tag of a request.
 *
 * It looks at the raw header lines, because Node joins repeated headers with `, `, which would make one tag of two.
 *
 * @returns `null` when the request has none
 * @throws InvalidTagError for two header lines, an empty tag, one that is too long or that cannot be echoed
 */
export function readTag(message: Pick<IncomingMessage, 'rawHeaders'>, header: string): Tag | null {
  const wanted = header.toLowerCase();
  const { rawHeaders } = message;
  let tag: Tag | null = null;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length !== wanted.length || name.toLowerCase() !== wanted) continue;
    if (tag !== null)
      throw new InvalidTagError(`${header} was sent more than once. Send it once, with one tag.`);
    tag = rawHeaders[i + 1] as string;
  }
  if (tag !== null) assertTag(tag, header);
  return tag;
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
    throw new InvalidTagError(`${source} has a control character, which no answer could echo.`);
  }
}

/** How a tag stands in the database: in hexadecimal, so that no collation can merge two tags. */
export function tagToColumn(tag: Tag): string {
  return Buffer.from(tag, 'latin1').toString('hex');
}

/** The tag of a database column. */
export function tagFromColumn(column: string): Tag {
  return Buffer.from(column, 'hex').toString('latin1');
}
