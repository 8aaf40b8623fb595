/** What of an answer is recorded, to be sent again. */
export interface ReplayOptions {
  /** Headers that are sent again, beside `Content-Type`. @default none */
  headers?: readonly string[];
  /** The longest body that is recorded, in bytes, at most 1 MiB. @default 65536 */
  maxBytes?: number;
  /**
   * Paths of values in a JSON body that are not kept, such as `card.number` or `items.*.secret`: `null` is sent again in
   * their place. With it, an answer that is not JSON is not recorded at all. @default none
   */
  redact?: readonly string[];
}

const MAX_BYTES = 1024 * 1024;

/** Headers that are of one message only, or of one client. */
const NEVER =
  /^(set-cookie|content-length|content-encoding|transfer-encoding|connection|keep-alive|date|trailer|upgrade|proxy-.*|www-authenticate)$/;

/**
 * The options with their defaults.
 *
 * @throws TypeError for one that cannot be meant
 */
export function replayOptions({
  headers = [],
  maxBytes = 65_536,
  redact = [],
}: ReplayOptions): Required<ReplayOptions> {
  const names = headers.map((name) => name.toLowerCase());
  const wrong = names.find((name) => NEVER.test(name));
  if (wrong !== undefined) throw new TypeError(`The header ${wrong} of an answer cannot be sent again.`);
  if (!Number.isInteger(maxBytes) || maxBytes < 1 || maxBytes > MAX_BYTES) {
    throw new TypeError(`maxBytes must be a whole number from 1 to ${MAX_BYTES}.`);
  }
  return { headers: ['content-type', ...names], maxBytes, redact };
}
