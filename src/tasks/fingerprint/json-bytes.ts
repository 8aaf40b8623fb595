/** The bytes in JSON's grammar (RFC 8259). */
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const POINT = 0x2e;
export const ZERO = 0x30;
export const NINE = 0x39;
export const COLON = 0x3a;
export const BACKSLASH = 0x5c;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;

/** The bytes that are plain in a string: all except the quote, the backslash and the control characters. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);

/** The bytes that may follow a backslash. 1: this escape is the canonical form; 2: there is a shorter one. */
export const ESCAPES = new Uint8Array(256);
for (const char of '"\\bfnrt') ESCAPES[char.charCodeAt(0)] = 1;
for (const char of '/u') ESCAPES[char.charCodeAt(0)] = 2;

/** The bytes that may follow the first one of a number. */
export const NUMERIC = new Uint8Array(256);
for (const char of '0123456789+-.eE') NUMERIC[char.charCodeAt(0)] = 1;
export const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

export const LITERALS = new Map(
  ['true', 'false', 'null'].map((name) => [name.charCodeAt(0), Buffer.from(name)] as const),
);

/**
 * The position of the first byte that is not plain. It reads four at a time, since most bytes of a long body are in its
 * strings.
 */
export function plainEnd(text: Buffer, start: number): number {
  let at = start;
  for (const last = text.length - 4; at <= last; at += 4) {
    const plain =
      (PLAIN[text[at] as number] as number) &
      (PLAIN[text[at + 1] as number] as number) &
      (PLAIN[text[at + 2] as number] as number) &
      (PLAIN[text[at + 3] as number] as number);
    if (plain === 0) break;
  }
  while (at < text.length && PLAIN[text[at] as number] === 1) at += 1;
  return at;
}
