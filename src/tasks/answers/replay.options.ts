import { assertKnown } from '../known-options.js';

/** The parts of an answer that are stored, to be sent again. */
export interface ReplayOptions {
  /** Headers that are sent again, besides `Content-Type`. @default none */
  headers?: readonly string[];
  /** The longest body that is stored, in bytes, at most 1 MiB. @default 65536 */
  maxBytes?: number;
  /**
   * Paths of values in a JSON body that are not stored, such as `card.number` or `items.*.secret`: `null` is sent again
   * in their place. If set, an answer that is not JSON is not stored at all. @default none
   */
  redact?: readonly string[];
}

const MAX_BYTES = 1024 * 1024;

/** Headers that belong to one message only, or to one client. */
const NEVER =
  /^(set-cookie|content-length|content-encoding|transfer-encoding|connection|keep-alive|date|trailer|upgrade|proxy-.*|www-authenticate)$/;

/**
 * The options with their defaults.
 *
 * @throws TypeError for an invalid one
 */
export function replayOptions(given: ReplayOptions): Required<ReplayOptions> {
  assertKnown(given, ['headers', 'maxBytes', 'redact'], "@Tracked()'s replay");
  const { headers = [], maxBytes = 65_536, redact = [] } = given;
  // In a plain text, each letter would count as an entry, and nothing would be left out.
  if (!areTexts(headers)) throw new TypeError('replay.headers must be a list of header names.');
  if (!areTexts(redact)) throw new TypeError('replay.redact must be a list of paths, such as card.number.');
  const names = headers.map((name) => name.toLowerCase());
  const wrong = names.find((name) => NEVER.test(name));
  if (wrong !== undefined) throw new TypeError(`The header ${wrong} of an answer cannot be sent again.`);
  if (!Number.isInteger(maxBytes) || maxBytes < 1 || maxBytes > MAX_BYTES) {
    throw new TypeError(`replay.maxBytes must be a whole number from 1 to ${MAX_BYTES}.`);
  }
  return { headers: ['content-type', ...names], maxBytes, redact };
}

function areTexts(list: unknown): boolean {
  return Array.isArray(list) && list.every((text) => typeof text === 'string' && text !== '');
}
