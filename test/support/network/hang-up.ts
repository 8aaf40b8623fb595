import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A request without an answer yet, on a connection of its own. */
export interface SentRequest {
  /** Closes the connection at once, by a reset. */
  hangUp: () => Promise<void>;
}

/** Sends a JSON request whose answer nobody will read. */
export async function sendRequest(
  method: string,
  url: string,
  { token, body, headers = {} }: { token: string; body?: object; headers?: Record<string, string> },
): Promise<SentRequest> {
  const { hostname, port, pathname, search } = new URL(url);
  const json = body === undefined ? '' : JSON.stringify(body);
  const lines = [
    `${method} ${pathname}${search} HTTP/1.1`,
    'Host: tasktag',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(json)}`,
    `X-Auth-Token: ${token}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  const socket: Socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(`${lines.join('\r\n')}\r\n\r\n${json}`);
  return {
    hangUp: async () => {
      socket.resetAndDestroy();
      if (!socket.closed) await once(socket, 'close');
    },
  };
}
