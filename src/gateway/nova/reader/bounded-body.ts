import { NovaUnavailable } from './nova-reader.errors.js';

/** Nova's own answer. */
export interface ReaderAnswer {
  status: number;
  /** The parsed body; `null` if it is not JSON. */
  body: unknown;
}

/** The longest body, in bytes: several times that of a page of servers. */
const MAX_BODY = 32 * 1024 * 1024;

/**
 * Reads a JSON body.
 *
 * @throws NovaUnavailable when it is too long for any answer that this server asks for
 */
export async function boundedBody(body: AsyncIterable<Buffer>): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    // Leaving the loop destroys the rest.
    if (length > MAX_BODY) throw new NovaUnavailable(`an answer has more than ${MAX_BODY} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return null;
  }
}
