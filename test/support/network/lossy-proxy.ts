import { EventEmitter, once } from 'node:events';
import { Agent, createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What a bad network does with a request, and with the answer to it. */
export type Fate =
  | 'pass'
  /** The connection breaks before anything got through. */
  | 'cut before'
  /** It breaks when all has been done. */
  | 'cut after'
  /** It breaks in the middle of the answer. */
  | 'break off'
  /** It breaks, and the request arrives later. */
  | 'late'
  /** It arrives twice at once, and one of the answers comes back. */
  | 'twice'
  /** A load balancer answers in the server's place, without having asked it, or while it works. */
  | '503 before'
  | '504 after'
  /** Nothing comes back. */
  | 'silence';

/** A request as the proxy has it. */
export interface Passing {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

interface Back {
  status: number;
  headers: IncomingMessage['rawHeaders'];
  body: Buffer;
}

/** Stands between clients and a server, and loses, delays and doubles what goes through, as a test says. */
export class LossyProxy {
  /** How many requests of each kind got through to the server. */
  readonly arrived = { sends: 0, looks: 0 };
  private readonly server: Server;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });
  private readonly silence = new EventEmitter().setMaxListeners(0);
  private late: (() => Promise<unknown>)[] = [];

  private constructor(
    private readonly target: string,
    private readonly fateOf: (request: Passing) => Fate,
  ) {
    this.server = createServer((request, response) => {
      this.meet(request, response).catch(() => response.destroy());
    });
  }

  static async to(target: string, fateOf: (request: Passing) => Fate): Promise<LossyProxy> {
    const proxy = new LossyProxy(target, fateOf);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** When it keeps a request the next time, and nothing will come back: a client may be told that its time is over. */
  async whenSilent(): Promise<void> {
    await once(this.silence, 'silent');
  }

  /** Lets the oldest requests that are late arrive, all but some. */
  async deliverLate(allBut = 0): Promise<void> {
    const due = this.late.splice(0, this.late.length - allBut);
    await Promise.all(due.map((deliver) => deliver()));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
    this.agent.destroy();
  }

  private async meet(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = incoming;
    const request: Passing = { method, url, headers, body: await buffer(incoming) };
    const cut = () => response.socket?.destroy();
    switch (this.fateOf(request)) {
      case 'pass':
        return answer(response, await this.forward(request));
      case 'cut before':
        return void cut();
      case 'cut after':
        await this.forward(request);
        return void cut();
      case 'break off': {
        const { status, headers: back, body } = await this.forward(request);
        response.writeHead(status, back).write(body.subarray(0, Math.max(1, body.length - 5)), cut);
        return;
      }
      case 'late':
        cut();
        this.late.push(() => this.forward(request));
        return;
      case 'twice': {
        const [, second] = await Promise.all([this.forward(request), this.forward(request)]);
        return answer(response, second);
      }
      case '503 before':
        return void response.writeHead(503, { 'retry-after': '0' }).end('<html>busy</html>');
      case '504 after':
        await this.forward(request);
        return void response.writeHead(504).end('<html>timeout</html>');
      case 'silence':
        this.silence.emit('silent');
        return;
    }
  }

  private async forward({ method, url, headers, body }: Passing): Promise<Back> {
    this.arrived[method === 'GET' ? 'looks' : 'sends'] += 1;
    const { hostname, port } = new URL(this.target);
    const outgoing = httpRequest({ hostname, port, method, path: url, headers, agent: this.agent });
    outgoing.end(body);
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    return {
      status: incoming.statusCode ?? 0,
      headers: incoming.rawHeaders,
      body: await buffer(incoming),
    };
  }
}

function answer(response: ServerResponse, { status, headers, body }: Back): void {
  response.writeHead(status, headers).end(body);
}
