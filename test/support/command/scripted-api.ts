import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request that has arrived. */
export interface Arrived {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A server that answers as a test says, for what a real one cannot be brought to do at once. */
export class ScriptedApi {
  readonly arrived: Arrived[] = [];

  private constructor(
    private readonly server: Server,
    private readonly scheme: string,
  ) {}

  /** @param make makes the server; that of HTTP by default */
  static async start(
    answer: (request: Arrived, response: ServerResponse) => void,
    make: (listener: (request: IncomingMessage, response: ServerResponse) => void) => Server = createServer,
    scheme = 'http',
  ): Promise<ScriptedApi> {
    const server = make((incoming, response) => {
      void buffer(incoming).then((bytes) => {
        const { method = '', url = '', headers } = incoming;
        const request = { method, url, headers, body: bytes.toString() };
        api.arrived.push(request);
        answer(request, response);
      });
    });
    const api = new ScriptedApi(server, scheme);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return api;
  }

  get url(): string {
    return `${this.scheme}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Answers with JSON. */
export function json(response: ServerResponse, body: unknown, status = 200, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
