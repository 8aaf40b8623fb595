import { NovaUnavailable } from './nova-reader.errors.js';

/** An answer of Nova's own. */
export interface ReaderAnswer {
  status: number;
  /** The parsed body; `null` where it is no JSON. */
  body: unknown;
}

/** The longest body, in bytes: several times that of a page of servers. */
const MAX_BODY = 32 * 1024 * 1024;

/**
 * Reads a JSON body.
 *
 * @throws NovaUnavailable when it is too long to be an answer to what this server asks
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
