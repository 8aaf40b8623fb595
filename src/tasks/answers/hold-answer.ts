import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { SentAnswer } from './sent-answer.js';

/**
 * Holds an answer back at its very end until it has been processed: after all interceptors, filters and serialisers of
 * the host, so it is what the client gets. The answer goes out even if that fails.
 *
 *     host                              this module                                    client
 *      |  writeHead(200, headers)        |                                                |
 *      |-------------------------------->| notes the headers, and passes them on to Node  |
 *      |  write(chunk)                   |                                                |
 *      |-------------------------------->| keeps the first piece until the next tick: it may be all
 *      |                                 | no `end` by then: the answer is in pieces ---->| chunk, and all later ones
 *      |  end(chunk)                     |                                                |
 *      |-------------------------------->| from here on the response looks ended:         |
 *      |<--------------------------------|   headersSent, writableEnded; methods do nothing
 *      |  (an error now sends nothing)   | before(answer)                                 |
 *      |                                 |   …                                            |
 *      |                                 | the response is what it was                    |
 *      |                                 | write(first piece), end(chunk) --------------->| the whole answer
 *
 * @param before gets the answer; `null` for one that was written in pieces, as streams and files are, or was encoded.
 *   Must not reject
 */
export function holdAnswer(
  response: ServerResponse,
  before: (answer: SentAnswer | null) => Promise<void>,
): void {
  const writeHead = response.writeHead.bind(response) as (...parameters: unknown[]) => ServerResponse;
  const write = response.write.bind(response) as (...parameters: unknown[]) => boolean;
  const end = response.end.bind(response) as (...parameters: unknown[]) => ServerResponse;
  let isInPieces = false;
  /** The first piece, until it is known whether the end follows at once, as with Fastify before 5.9. */
  let written: unknown[] | null = null;
  const writeOut = () => {
    if (written === null) return;
    const parameters = written;
    written = null;
    isInPieces = true;
    write(...parameters);
  };
  // A stream may be short enough for one piece.
  response.once('pipe', () => (isInPieces = true));
  let given: OutgoingHttpHeaders = {};
  response.writeHead = (...parameters: unknown[]) => {
    given = headersOf(parameters.at(-1));
    return writeHead(...parameters);
  };
  response.write = (...parameters: unknown[]) => {
    if (isInPieces || written !== null) {
      writeOut();
      return write(...parameters);
    }
    written = parameters;
    process.nextTick(writeOut);
    return true;
  };
  response.end = (...parameters: unknown[]) => {
    const first = written;
    written = null;
    const { statusCode } = response;
    const headers = plainHeaders({ ...response.getHeaders(), ...given });
    const isAsItIs = !isInPieces && (headers['content-encoding'] ?? 'identity') === 'identity';
    const body = Buffer.concat([bytesOf(first ?? []), bytesOf(parameters)]);
    holdBack(response);
    void before(isAsItIs ? { status: statusCode, headers, body } : null).then(() => {
      letGo(response, { writeHead, write, end });
      if (!response.headersSent) response.statusCode = statusCode;
      if (first !== null) write(...first);
      end(...parameters);
    });
    return response;
  };
}

/**
 * Makes a response look as if it had ended, as it has for everyone except this module: nothing else is sent, such as
 * the answer to a later error.
 */
function holdBack(response: ServerResponse): void {
  const looks = { writeHead: () => response, write: () => false, end: () => response };
  for (const [name, value] of Object.entries({ ...looks, headersSent: true, writableEnded: true }))
    Object.defineProperty(response, name, { value, configurable: true });
}

/** Restores the response, with the methods that it had. */
function letGo(response: ServerResponse, methods: object): void {
  for (const name of [...Object.keys(methods), 'headersSent', 'writableEnded'])
    Reflect.deleteProperty(response, name);
  Object.assign(response, methods);
}

/** `end(chunk?, encoding?, callback?)`, and the same for `write`. */
function bytesOf([chunk, encoding]: unknown[]): Buffer {
  if (typeof chunk === 'string') {
    return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
  }
  return chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.alloc(0);
}

/** `writeHead(status, reason?, headers?)`, where the headers may be a list of names and values. */
function headersOf(value: unknown): OutgoingHttpHeaders {
  if (Array.isArray(value)) {
    const list = value.flat() as OutgoingHttpHeader[];
    const pairs = list.flatMap((name, n) => (n % 2 === 0 ? [[name, list[n + 1]]] : []));
    return Object.fromEntries(pairs) as OutgoingHttpHeaders;
  }
  return typeof value === 'object' && value !== null ? (value as OutgoingHttpHeaders) : {};
}

function plainHeaders(headers: OutgoingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}
