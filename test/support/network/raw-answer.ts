import { connect } from 'node:net';

/** Everything of an answer, by what a client could compare. */
export interface RawAnswer {
  statusLine: string;
  /** As they came, in their order and case. */
  headers: string[];
  body: string;
}

/** What each connection has of its own, and a `Date`, which Nova under uWSGI leaves to whoever stands before it. */
const OF_THE_CONNECTION = /^(connection|keep-alive|transfer-encoding|content-length|date):/i;

/** Sends bytes to a server on a connection of their own, and gives what comes back, less what no two answers share. */
export async function rawAnswer(url: string, bytes: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  let trouble: Error | undefined;
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', (error) => (trouble = error));
  socket.write(bytes, 'latin1');
  await new Promise((closed) => socket.once('close', closed));
  // A server that answers without having read all of a body resets the connection behind its answer.
  if (trouble !== undefined && chunks.length === 0) throw trouble;
  const text = Buffer.concat(chunks).toString('latin1');
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...headers] = head.split('\r\n');
  const body = rest.join('\r\n\r\n');
  const isInChunks = headers.some((line) => /^transfer-encoding: *chunked$/i.test(line));
  return {
    statusLine,
    headers: headers.filter((line) => !OF_THE_CONNECTION.test(line)).map(unlike),
    body: unlike(isInChunks ? joined(body) : body),
  };
}

/** A body that came in chunks: each begins with its length, and an empty one is the last. */
function joined(body: string): string {
  let whole = '';
  for (let at = 0; ;) {
    const end = body.indexOf('\r\n', at);
    const length = Number.parseInt(body.slice(at, end), 16);
    if (length === 0) return whole;
    if (end === -1 || Number.isNaN(length) || body.length < end + 2 + length)
      throw new Error(`The answer ends in the middle of a chunk: ${body.slice(at)}`);
    whole += body.slice(end + 2, end + 2 + length);
    at = end + 2 + length + 2;
  }
}

/** What differs from one request to the next, also without a gateway. */
function unlike(text: string): string {
  return text.replace(/req-[0-9a-f-]{36}/g, 'req-…');
}
