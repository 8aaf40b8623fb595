import { toText } from '../../url/percent-encoding.js';
import { bytesOf, isUuid, type Key, uuidBytes } from '../../storage/bytes.js';

/** The values that begin with a prefix, in the order of their bytes: from the first one on, up to before the second. */
export type Range<Value extends Key = string> = readonly [from: Value, before: Value];

/** The longest search, in bytes: as long as the longest tag. */
export const MAX_SEARCH_BYTES = 255;

/** The ranges of what is searched. */
export interface SearchRanges {
  tag: Range<Buffer>;
  /** Of ids: of subjects, requests and users. */
  id: Range;
  /** Of tasks' uuids; `null`: none begins so. */
  uuid: Range<Buffer> | null;
}

/** The prefix under which this server sends a request on, followed by the task's uuid. */
const REQUEST_PREFIX = 'req-';

/**
 * A range, not LIKE: no character has another meaning, and every database finds a range by an index. The columns'
 * collations are binary.
 *
 * @param search a byte string that is not empty
 */
export function rangesOf(search: string): SearchRanges {
  const text = toText(search);
  const uuid = (text.startsWith(REQUEST_PREFIX) ? text.slice(REQUEST_PREFIX.length) : text).toLowerCase();
  return {
    tag: byteRange(search),
    id: rangeOf(text),
    uuid: uuid !== '' && isUuidPrefix(uuid) ? uuidRange(uuid.replaceAll('-', '')) : null,
  };
}

/** The last byte below the highest one is one higher at the end. No tag begins with as many of the highest ones as fit. */
function byteRange(prefix: string): Range<Buffer> {
  const raised = prefix.replace(/\xff+$/, '');
  if (raised === '') return [bytesOf(prefix), Buffer.alloc(MAX_SEARCH_BYTES, 0xff)];
  const before = bytesOf(raised);
  before.writeUInt8((before.at(-1) ?? 0) + 1, before.length - 1);
  return [bytesOf(prefix), before];
}

/** Whether a uuid can begin so: it must be one when the end of another is added. */
function isUuidPrefix(text: string): boolean {
  return text.length <= ANY_UUID.length && isUuid(text + ANY_UUID.slice(text.length));
}

const ANY_UUID = '00000000-0000-7000-8000-000000000000';

/** The next prefix of the same length marks the end; there is no uuid of ones alone. */
function uuidRange(digits: string): Range<Buffer> {
  const next = (BigInt(`0x${digits}`) + 1n).toString(16).padStart(digits.length, '0');
  const before = next.length > digits.length ? 'f'.repeat(32) : next.padEnd(32, '0');
  return [Buffer.from(digits.padEnd(32, '0'), 'hex'), Buffer.from(before, 'hex')];
}

/** Whether a uuid is in a range. */
export function isUuidWithin(uuid: string, range: Range<Buffer>): boolean {
  return isWithin(uuidBytes(uuid), range);
}

/** Whether a tag is in a range. */
export function isTagWithin(tag: string, range: Range<Buffer>): boolean {
  return isWithin(bytesOf(tag), range);
}

function isWithin(bytes: Buffer, [from, before]: Range<Buffer>): boolean {
  return bytes.compare(from) >= 0 && bytes.compare(before) < 0;
}

/** The next text of the same length: its last character is one higher, since no text begins with what lies between. */
function rangeOf(prefix: string): Range {
  const characters = [...prefix];
  const last = characters.pop()?.codePointAt(0) ?? 0;
  // Surrogates are no characters. Of the last character of all there is no next one; no id ends so.
  const next = last === 0xd7ff ? 0xe000 : Math.min(last + 1, 0x10ffff);
  return [prefix, `${characters.join('')}${String.fromCodePoint(next)}`];
}
