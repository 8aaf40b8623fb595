import { Scratch } from './scratch.js';

/** The bytes of a length. */
const LENGTH = 8;

/** The memory in which the parts of a request are joined. */
const MEMORY = new Scratch();

/**
 * Joins parts, each with its length before it, so that no two lists of parts give the same bytes. The short texts that
 * most parts are take less time in a loop than in a call of `Buffer`: a quarter, for the four of a request.
 *
 * @returns bytes that are valid until the next call
 */
export function withLengths(parts: readonly (string | Buffer)[]): Buffer {
  let most = 0;
  for (const part of parts) most += LENGTH + (typeof part === 'string' ? 3 * part.length : part.length);
  const bytes = MEMORY.take(most);
  let end = 0;
  for (const part of parts) {
    const start = end + LENGTH;
    const length = typeof part === 'string' ? putText(part, bytes, start) : part.copy(bytes, start);
    putLength(length, bytes, end);
    end = start + length;
  }
  return bytes.subarray(0, end);
}

/** @returns how many bytes it has in UTF-8 */
function putText(text: string, bytes: Buffer, start: number): number {
  for (let n = 0; n < text.length; n += 1) {
    const code = text.charCodeAt(n);
    if (code > 0x7f) return bytes.write(text, start);
    bytes[start + n] = code;
  }
  return text.length;
}

/** Big-endian; no part is longer than four bytes can say. */
function putLength(length: number, bytes: Buffer, at: number): void {
  for (let n = 0; n < 4; n += 1) bytes[at + n] = 0;
  for (let n = 4; n < LENGTH; n += 1) bytes[at + n] = length >>> (8 * (LENGTH - 1 - n));
}
