import { once } from 'node:events';
import { connect } from 'node:net';

/** Everything of an answer, by what a client could compare. */
export interface RawAnswer {
  statusLine: string;
  /** As they came, in their order and case. */
  headers: string[];
  body: string;
}

/** Sends bytes to a server on a connection of their own, and gives what comes back, less what no two answers share. */
export async function rawAnswer(url: string, bytes: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(bytes, 'latin1');
  await once(socket, 'close');
  const text = Buffer.concat(chunks).toString('latin1');
  const [head = '', ...body] = text.split('\r\n\r\n');
  const [statusLine = '', ...headers] = head.split('\r\n');
  return {
    statusLine,
    headers: headers.filter((line) => !/^connection:/i.test(line)).map(unlike),
    body: unlike(body.join('\r\n\r\n')),
  };
}

/** What differs from one request to the next, also without a gateway. */
function unlike(text: string): string {
  return text.replace(/req-[0-9a-f-]{36}/g, 'req-…').replace(/^Date: .*/, 'Date: …');
}
