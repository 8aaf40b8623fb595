import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Replica } from '../grounds/replica.js';

/** A request as it goes out. Header values are bytes. */
export interface Message {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** An answer that came as a whole. */
export interface Reply {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
}

/** Brings one request to one replica; `null` when no whole answer came back. It cuts the connection after `cutMs`. */
export type Wire = (to: Replica, message: Message, cutMs: number) => Promise<Reply | null>;

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

export const wire: Wire = ({ port }, { method, path, headers, body }, cutMs) =>
  new Promise((resolve) => {
    const payload = body === undefined ? undefined : Buffer.from(body);
    const about =
      payload === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(payload.length) };
    const outgoing = httpRequest({
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: { ...headers, ...about },
      agent,
    });
    const cut = setTimeout(() => outgoing.destroy(), cutMs);
    const end = (reply: Reply | null) => {
      clearTimeout(cut);
      resolve(reply);
    };
    outgoing.on('error', () => end(null));
    outgoing.on('response', (incoming) => {
      buffer(incoming).then(
        (bytes) =>
          end({ status: incoming.statusCode ?? 0, headers: incoming.headers, text: bytes.toString() }),
        () => end(null),
      );
    });
    outgoing.end(payload);
  });

export function closeWire(): void {
  agent.destroy();
}
