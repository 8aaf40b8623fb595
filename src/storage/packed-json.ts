import type { ValueTransformer } from 'typeorm';
import { putDigits, uuidOf } from './bytes.js';

/** Stands for a text that is a uuid, and before its 16 bytes. JSON has no such byte. */
const UUID = 1;

/** How far the quotes of such a text are apart. */
const QUOTED = 37;

/**
 * A column of bytes whose values are JSON in the code. Its texts that are uuids take 17 bytes each, instead of 38:
 *
 *     {"server":"6c0ff5be-7f4d-4d5c-9c7e-0e6f0f5b7a11"}
 *     {"server": 01 6c0ff5be7f4d4d5c9c7e0e6f0f5b7a11 }
 */
export const packedJson: ValueTransformer = {
  to: (value: unknown) => (value === null || value === undefined ? value : packJson(JSON.stringify(value))),
  from: (stored: Uint8Array | null): unknown => (stored === null ? null : JSON.parse(unpackJson(stored))),
};

function packJson(json: string): Buffer {
  if (!json.includes('-')) return Buffer.from(json);
  const packed = Buffer.allocUnsafe(Buffer.byteLength(json));
  /** How far the text is packed, and how many bytes that takes. */
  let end = 0;
  let size = 0;
  for (let open = json.indexOf('"'); open >= 0; open = json.indexOf('"', Math.max(open + 1, end))) {
    const close = open + QUOTED;
    if (json[close] !== '"') continue;
    size += packed.write(json.slice(end, open), size);
    end = open;
    if (!putDigits(json, open + 1, close, packed, size + 1)) continue;
    packed[size] = UUID;
    size += 17;
    end = close + 1;
  }
  return packed.subarray(0, size + packed.write(json.slice(end), size));
}

function unpackJson(stored: Uint8Array): string {
  const bytes = Buffer.isBuffer(stored) ? stored : Buffer.from(stored);
  let json = '';
  let start = 0;
  for (let at = bytes.indexOf(UUID); at >= 0; at = bytes.indexOf(UUID, start)) {
    json += `${bytes.toString('utf8', start, at)}"${uuidOf(bytes.subarray(at + 1, at + 17))}"`;
    start = at + 17;
  }
  return json + bytes.toString('utf8', start);
}
