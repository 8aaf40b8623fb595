import { tagToHeader } from './tag.js';

/**
 * The tag that the caller has given: as the option `tag`, or as the header itself.
 *
 * @throws TypeError when both are given and differ, or when the header's value is no tag
 */
export function givenTag(
  input: string | URL | Request,
  { tag, headers }: { tag?: string | undefined; headers?: RequestInit['headers'] },
  tagHeader: string,
): string | undefined {
  const own = headers ?? (typeof input === 'object' && 'headers' in input ? input.headers : {});
  const value = new Headers(own).get(tagHeader);
  if (value === null || tag === undefined) return value === null ? tag : tagOfHeader(value, tagHeader);
  if (tagToHeader(tag) !== value)
    throw new TypeError(`The header ${tagHeader} and the option tag differ. Give the tag once.`);
  return tag;
}

/** A header's characters are bytes; a tag is the text that they are in UTF-8. */
function tagOfHeader(value: string, tagHeader: string): string {
  const bytes = Uint8Array.from(value, (char) => char.charCodeAt(0));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new TypeError(`The header ${tagHeader} is not in UTF-8. Give such a tag by the option tag.`);
  }
}
