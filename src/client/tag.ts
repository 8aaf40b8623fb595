const MAX_BYTES = 255;

/**
 * A tag as the value of a header: its bytes in UTF-8, one character for each.
 *
 * @throws TypeError for a tag that the server would not take, or that `fetch` would change on the way
 */
export function tagToHeader(tag: string): string {
  const bytes = new TextEncoder().encode(tag);
  if (bytes.length < 1 || bytes.length > MAX_BYTES) {
    throw new TypeError(`A tag must have 1 to ${MAX_BYTES} bytes; this one has ${bytes.length}.`);
  }
  if (/\p{Surrogate}/u.test(tag))
    throw new TypeError('The tag contains half a character, which has no bytes.');
  const value = String.fromCharCode(...bytes);
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
    throw new TypeError('The tag contains a control character, which no header can hold.');
  }
  if (/^[\t ]|[\t ]$/.test(value)) {
    throw new TypeError('The tag begins or ends with white space, which fetch would remove.');
  }
  return value;
}

/**
 * A new tag: a random UUID.
 *
 * @throws Error without Web Crypto, as in Node 18
 */
export function newTag(): string {
  const { crypto } = globalThis as { crypto?: Partial<Crypto> };
  if (crypto?.randomUUID !== undefined) return crypto.randomUUID();
  if (crypto?.getRandomValues === undefined) {
    throw new Error('There is no Web Crypto here to make a tag with. Give a tag, or the option newTag.');
  }
  // Pages that were not served over https have no randomUUID.
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
