import { bytesOf, isUuid } from './bytes.js';
import { PACKED, packedPlain, REQUEST } from './packed-ids.js';

/** Bytes that begin alike, in their order: from the first on, up to before the second. */
export type Range = readonly [from: Buffer, before: Buffer];

/** A uuid, for the rest of one that is asked for by its beginning. */
const ANY_UUID = '00000000-0000-7000-8000-000000000000';

/**
 * The stored ids that begin with a prefix: those of each form in which there may be one, at most three.
 *
 * Ranges, not LIKE: no character has another meaning, and every database finds a range by an index.
 *
 * @param prefix a byte string that is not empty
 */
export function idRanges(prefix: string): Range[] {
  const ranges = [rangeOf(packedPlain(prefix))];
  if (isUuidPrefix(prefix)) ranges.push(uuidRange(prefix, [PACKED.uuid]));
  if (/^[0-9a-f]{1,32}$/.test(prefix)) ranges.push(uuidRange(prefix, [PACKED.digits]));
  if (REQUEST.startsWith(prefix)) ranges.push(rangeOf(Buffer.of(PACKED.request)));
  else if (prefix.startsWith(REQUEST) && isUuidPrefix(prefix.slice(REQUEST.length)))
    ranges.push(uuidRange(prefix.slice(REQUEST.length), [PACKED.request]));
  return ranges;
}

/** Whether a uuid can begin so: it must be one when the end of another is added. */
export function isUuidPrefix(text: string): boolean {
  return text !== '' && text.length <= ANY_UUID.length && isUuid(text + ANY_UUID.slice(text.length));
}

/**
 * The bytes of uuids that begin with some digits.
 *
 * @param digits with or without dashes
 * @param form the bytes before them
 */
export function uuidRange(digits: string, form: readonly number[] = []): Range {
  const hex = digits.replaceAll('-', '');
  // Half a byte is given: it and the highest one that begins with it.
  const isHalf = hex.length % 2 === 1;
  const from = Buffer.concat([Buffer.from(form), Buffer.from(isHalf ? `${hex}0` : hex, 'hex')]);
  const last = Buffer.concat([Buffer.from(form), Buffer.from(isHalf ? `${hex}f` : hex, 'hex')]);
  return [from, next(last)];
}

function rangeOf(prefix: Buffer): Range {
  return [prefix, next(prefix)];
}

/** The bytes after all that begin with some: the last one below the highest is one higher, and the end of them. */
function next(prefix: Buffer): Buffer {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length -= 1;
  if (length === 0) return AFTER_ALL;
  const after = Buffer.from(prefix.subarray(0, length));
  after[length - 1] = (after[length - 1] ?? 0) + 1;
  return after;
}

/** No id begins with so many of the highest bytes. */
const AFTER_ALL = bytesOf('\xff'.repeat(256));
