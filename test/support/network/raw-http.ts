import { once } from 'node:events';
import { connect } from 'node:net';
import type { Client } from './http.js';

/** Sends bytes over a connection of their own, whether they are HTTP or not, and gives all that comes back. */
export async function sendRaw({ url }: Client, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(bytes);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}
