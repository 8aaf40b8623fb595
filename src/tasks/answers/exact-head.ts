import type { ServerResponse } from 'node:http';
import type { Tag } from '../tag.js';

/**
 * Has the bytes of a tag that is echoed go out as they came. Node puts the headers and a body that begins with a text
 * into one text in UTF-8, which encodes each byte above 7F once more; before a body of bytes they go out as they are.
 *
 * @param response before its body is begun
 */
export function sendHeadExactly(response: ServerResponse, tag: Tag): void {
  if (!/[^\x00-\x7f]/.test(tag)) return;
  const write = response.write.bind(response) as (...parameters: unknown[]) => boolean;
  const end = response.end.bind(response) as (...parameters: unknown[]) => ServerResponse;
  response.write = (...parameters: unknown[]) => write(...inBytes(parameters));
  response.end = (...parameters: unknown[]) => end(...inBytes(parameters));
}

/** `write(chunk, encoding?, callback?)`, and `end` likewise. */
function inBytes([chunk, ...others]: unknown[]): unknown[] {
  if (typeof chunk !== 'string') return [chunk, ...others];
  const [encoding] = others;
  if (typeof encoding !== 'string') return [Buffer.from(chunk), ...others];
  return [Buffer.from(chunk, encoding as BufferEncoding), ...others.slice(1)];
}
