import { isUtf8 } from 'node:buffer';

/**
 * Percent-encoding by bytes (RFC 3986, section 2.1). `decodeURIComponent` refuses anything but UTF-8; a tag
 * may be any bytes, so these work on "byte strings": strings in which each character stands for one byte, as
 * Node gives header values.
 */

/** Decodes percent-encoded text into a byte string; a `%` that starts no escape is left as it is. */
export function decodeBytes(encoded: string): string {
  if (!encoded.includes('%')) return encoded;
  return encoded.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** Decodes a name or a value of a query, in which `+` means a blank. */
export function decodeQueryBytes(encoded: string): string {
  return decodeBytes(encoded.replaceAll('+', ' '));
}

/** Encodes every byte except the unreserved characters, in upper case: the one normal form. */
export function encodeBytes(bytes: string): string {
  return bytes.replace(
    /[^A-Za-z0-9\-._~]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** The UTF-8 bytes of a text, as a byte string. */
export function toByteString(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** A byte string as readable text: decoded if it is UTF-8, else one character for each byte. */
export function toText(bytes: string): string {
  const buffer = Buffer.from(bytes, 'latin1');
  return isUtf8(buffer) ? buffer.toString('utf8') : bytes;
}

/** The pairs of a query string as byte strings, in order; empty pairs are left out. */
export function queryPairs(query: string): [name: string, value: string][] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 0) return [decodeQueryBytes(pair), ''];
      return [decodeQueryBytes(pair.slice(0, equals)), decodeQueryBytes(pair.slice(equals + 1))];
    });
}

/** The path and the query of a URL, without the `?` between them. */
export function splitUrl(url: string): [path: string, query: string] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}
