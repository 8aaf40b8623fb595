import type { ValueTransformer } from 'typeorm';
import { byteStringOf, putDigits, uuidOf } from './bytes.js';

/**
 * Ids as a column of bytes keeps them. Most ids of a cloud are uuids: as they are, as hexadecimal digits alone, or as
 * those of requests. Such an id is packed into 17 bytes instead of 32 to 40, in the row and again in each index:
 *
 *     6c0ff5be-7f4d-4d5c-9c7e-0e6f0f5b7a11        01 6c0ff5be7f4d4d5c9c7e0e6f0f5b7a11
 *     6c0ff5be7f4d4d5c9c7e0e6f0f5b7a11            02 6c0ff5be7f4d4d5c9c7e0e6f0f5b7a11
 *     req-6c0ff5be-7f4d-4d5c-9c7e-0e6f0f5b7a11    03 6c0ff5be7f4d4d5c9c7e0e6f0f5b7a11
 *     demo                                        64 65 6d 6f
 *     \x01                                        00 01
 *
 * Different ids are different bytes: no other id begins with 01, 02 or 03, since a 00 is put before one that would.
 */
export const PACKED = { uuid: 1, digits: 2, request: 3 } as const;

/** What is put before an id that begins like a packed one, or like this. */
export const PLAIN = 0;

/** How the id of a request begins. */
export const REQUEST = 'req-';

/** The bytes that a packed id takes, and the most that are added to any other one. */
const PACKED_BYTES = 17;
export const ADDED_BYTES = 1;

/** How a text becomes bytes, when it is not packed. */
type Encoding = 'utf8' | 'latin1';

/** The stored bytes of an id. */
export const idBytes = (id: string): Buffer => pack(id, 'utf8');

/** The stored bytes of a byte string that may be an id. */
export const packedBytes = (byteString: string): Buffer => pack(byteString, 'latin1');

/** The id that some stored bytes are. */
export const idOf = (stored: Uint8Array): string => unpack(stored, 'utf8');

/** A column whose values are ids in the code. */
export const ids = transformer('utf8');

/** A column whose values are byte strings in the code, many of them ids. */
export const packedByteStrings = transformer('latin1');

function transformer(encoding: Encoding): ValueTransformer {
  return {
    to: (value: unknown) => (typeof value === 'string' ? pack(value, encoding) : value),
    from: (value: Uint8Array | null) => (value === null ? null : unpack(value, encoding)),
  };
}

function pack(text: string, encoding: Encoding): Buffer {
  switch (text.length) {
    case 36:
      return packAs(PACKED.uuid, text, 0) ?? plain(text, encoding);
    case 32:
      return packAs(PACKED.digits, text, 0) ?? plain(text, encoding);
    case 40:
      return (text.startsWith(REQUEST) ? packAs(PACKED.request, text, 4) : null) ?? plain(text, encoding);
    default:
      return plain(text, encoding);
  }
}

function packAs(form: number, text: string, start: number): Buffer | null {
  const bytes = Buffer.allocUnsafe(PACKED_BYTES);
  bytes[0] = form;
  return putDigits(text, start, text.length, bytes, 1) ? bytes : null;
}

/** The bytes of a byte string that is not packed, or of the beginning of one. */
export const packedPlain = (byteString: string): Buffer => plain(byteString, 'latin1');

function plain(text: string, encoding: Encoding): Buffer {
  return text.charCodeAt(0) <= PACKED.request
    ? Buffer.from(`${String.fromCharCode(PLAIN)}${text}`, encoding)
    : Buffer.from(text, encoding);
}

function unpack(stored: Uint8Array, encoding: Encoding): string {
  const bytes = Buffer.isBuffer(stored) ? stored : Buffer.from(stored);
  switch (bytes[0]) {
    case PACKED.uuid:
      return uuidOf(bytes.subarray(1));
    case PACKED.digits:
      return bytes.toString('hex', 1);
    case PACKED.request:
      return REQUEST + uuidOf(bytes.subarray(1));
    case PLAIN:
      return textOf(bytes.subarray(1), encoding);
    default:
      return textOf(bytes, encoding);
  }
}

function textOf(bytes: Buffer, encoding: Encoding): string {
  return encoding === 'utf8' ? bytes.toString('utf8') : byteStringOf(bytes);
}
