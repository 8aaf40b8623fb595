import type { ServerResponse } from 'node:http';
import type { Tag } from '../tag.js';

/**
 * Sends the bytes of an echoed tag exactly as they came. Node joins the headers and a body that begins with a text into
 * one UTF-8 text, which encodes each byte above 7F again; before a body of bytes, headers go out unchanged.
 *
 * @param response before its body has begun
 */
export function sendHeadExactly(response: ServerResponse, tag: Tag): void {
  if (!/[^\x00-\x7f]/.test(tag)) return;
  const write = response.write.bind(response) as (...parameters: unknown[]) => boolean;
  const end = response.end.bind(response) as (...parameters: unknown[]) => ServerResponse;
  response.write = (...parameters: unknown[]) => write(...inBytes(parameters));
  response.end = (...parameters: unknown[]) => end(...inBytes(parameters));
}

/** `write(chunk, encoding?, callback?)`, and the same for `end`. */
function inBytes([chunk, ...others]: unknown[]): unknown[] {
  if (typeof chunk !== 'string') return [chunk, ...others];
  const [encoding] = others;
  if (typeof encoding !== 'string') return [Buffer.from(chunk), ...others];
  return [Buffer.from(chunk, encoding as BufferEncoding), ...others.slice(1)];
}
