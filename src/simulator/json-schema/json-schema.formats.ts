import { isIPv4, isIPv6 } from 'node:net';
import { parseDateTime } from '../../openstack/date-time.js';
import { isPythonRegex } from './python-regex.js';

/** A format that a text must have, besides its length and characters. */
export interface TextFormat {
  test: (text: string) => boolean;
  /** The whole text of the error. @default `'x' is not a '<format>'`, after the field and its value */
  complaint?: string;
}

/** The formats of Nova's schemas, by name (nova/api/validation/validators.py). */
export const FORMATS: Readonly<Record<string, TextFormat>> = {
  uuid: { test: isUuidLike },
  ipv4: { test: isIPv4 },
  ipv6: { test: (text) => isIPv6(text) && !text.includes('%') },
  base64: { test: isBase64 },
  'date-time': { test: (text) => parseDateTime(text) !== null },
  regex: { test: (text) => text !== '' && isPythonRegex(text) },
  name: {
    test: isName,
    complaint:
      "An invalid 'name' value was provided. " +
      'The name must be: printable characters. Can not start or end with whitespace.',
  },
};

/** With or without dashes, in any case, also `{…}` and `urn:uuid:…`, as oslo.utils takes it. */
function isUuidLike(text: string): boolean {
  return /^[0-9a-f]{32}$/i.test(text.replace(/urn:|uuid:|[{}-]/g, ''));
}

/** Python skips characters outside base64's alphabet when it decodes; only the padding must be right. */
function isBase64(text: string): boolean {
  const [digits = '', ...padding] = text.replace(/[^A-Za-z0-9+/=]/g, '').split('=');
  const needed = [0, Infinity, 2, 1][digits.length % 4] ?? 0;
  return padding.length >= needed;
}

/** An empty name is valid here: the length is checked elsewhere. Characters beyond the basic plane are invalid. */
function isName(text: string): boolean {
  return /^[^\p{C}\p{Zl}\p{Zp}\u{10000}-\u{10FFFF}]*$/u.test(text) && !/^\p{Zs}|\p{Zs}$/u.test(text);
}
