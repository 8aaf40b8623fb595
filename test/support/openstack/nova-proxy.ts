import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { until } from '../until.js';
import { LAB_NOVA } from './lab.js';

/**
 * What goes wrong with a request that changes something:
 *
 * - `reset`: Nova's answer is lost, the connection is cut
 * - `half`: the head and a part of the body come, then the connection is cut
 * - `page`: a load balancer's page comes instead of the answer
 * - `silence`: nothing comes
 * - `hold`: the answer comes when it is released
 * - `keep`: the request reaches Nova when it is released, and nothing comes
 * - `swallow`: the request itself never reaches Nova, and nothing comes
 * - `limit`: a rate limiter refuses the request with 429, and Nova does not get it
 */
export type Trouble = 'reset' | 'half' | 'page' | 'silence' | 'hold' | 'keep' | 'swallow' | 'limit';

/** What Nova said to a request that changes something, whatever came of it on its way back. */
export interface Said {
  method: string;
  path: string;
  status: number;
  requestId: string | undefined;
  json: any;
}

const LIMITED = '<html><head><title>429 Too Many Requests</title></head></html>';

const PAGE = '<html><head><title>504 Gateway Time-out</title></head><body>504 Gateway Time-out</body></html>';

/** Stands between a gateway and Nova. What only reads goes through; the rest meets the trouble that a test makes. */
export class NovaProxy {
  trouble: Trouble | null = null;
  /** Whether nothing can be read either. */
  isDown = false;
  /** Whether what Nova refuses meets no trouble. */
  sparesRefusals = false;
  /** Whether answers have no `Date`, as those of a Nova under uWSGI. */
  isWithoutDate = false;
  /** Nova's policy does not let anybody read these. */
  forbidden: RegExp | null = null;
  /** How often servers were searched. */
  searches = 0;
  /** In the order of Nova's answers. */
  readonly said: Said[] = [];
  /** Requests that change something, by method and path, as they came in. */
  readonly received: string[] = [];
  private readonly held: (() => void)[] = [];
  private readonly agent = new Agent({ keepAlive: true });
  private server = this.newServer();
  private port = 0;

  private constructor(private readonly target: URL) {}

  static async to(target: string = LAB_NOVA): Promise<NovaProxy> {
    const proxy = new NovaProxy(new URL(target));
    await proxy.open();
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Listens, at first or again, on the same port. */
  async open(): Promise<void> {
    this.server = this.newServer();
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Cuts all connections, and takes no more. */
  async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
    this.agent.destroy();
  }

  /** Waits until so many requests or answers are held. */
  async untilHeld(count = 1): Promise<void> {
    await until(`${count} that are held`, () => this.held.length >= count);
  }

  /** Lets those that are held go on, and all to come. */
  release(): void {
    this.trouble = null;
    for (const go of this.held.splice(0)) go();
  }

  private newServer() {
    return createServer((request, response) => {
      this.pass(request, response).catch(() => response.destroy());
    });
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    let { trouble } = this;
    if (!isRead) this.received.push(`${request.method} ${request.url}`);
    else if (this.isDown) response.destroy();
    if (response.destroyed || (!isRead && trouble === 'swallow')) return;
    const sent = await buffer(request);
    if (!isRead && trouble === 'limit') {
      response.writeHead(429, { 'Content-Type': 'text/html', 'Retry-After': '1' }).end(LIMITED);
      return;
    }
    if (!isRead && trouble === 'keep') await this.untilReleased();
    // What Nova does not tell is not added.
    response.sendDate = !this.isWithoutDate;
    if (this.forbidden?.test(request.url as string) === true) {
      response.writeHead(403, { 'X-Compute-Request-Id': `req-${randomUUID()}` }).end();
      return;
    }
    const { answer, body } = await this.ask(request, sent);
    if (request.url?.includes('/servers/detail?') === true) this.searches += 1;
    if (!isRead) this.said.push(said(request, answer, body));
    if (this.sparesRefusals && (answer.statusCode as number) >= 400) trouble = null;
    if (!isRead && trouble !== null) await this.spoil(trouble, response, answer, body);
    if (
      response.destroyed ||
      response.writableEnded ||
      (!isRead && (trouble === 'silence' || trouble === 'keep'))
    )
      return;
    response.writeHead(answer.statusCode as number, answer.statusMessage, this.headersOf(answer));
    response.end(body);
  }

  private async spoil(
    trouble: Trouble,
    response: ServerResponse,
    answer: IncomingMessage,
    body: Buffer,
  ): Promise<void> {
    if (trouble === 'reset') response.destroy();
    if (trouble === 'page') response.writeHead(504, { 'Content-Type': 'text/html' }).end(PAGE);
    if (trouble === 'hold') await this.untilReleased();
    if (trouble === 'half') {
      // An answer without a body loses a part of its head.
      const head = [
        `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`,
        'Content-Type: application/json',
      ];
      if (body.length > 0) head.push(`Content-Length: ${body.length}`, '', '');
      response.socket?.end(head.join('\r\n') + body.toString('latin1', 0, body.length >> 1));
      await once(response, 'close');
    }
  }

  private untilReleased(): Promise<void> {
    return new Promise((go) => this.held.push(go));
  }

  private headersOf({ rawHeaders }: IncomingMessage): string[] {
    if (!this.isWithoutDate) return rawHeaders;
    const names = rawHeaders.map((part, n) => (n % 2 === 0 ? part : (rawHeaders[n - 1] as string)));
    return rawHeaders.filter((_, n) => names[n]?.toLowerCase() !== 'date');
  }

  private async ask(request: IncomingMessage, body: Buffer) {
    const { hostname, port } = this.target;
    const { method, url, rawHeaders } = request;
    const outgoing = httpRequest({
      host: hostname,
      port,
      method,
      path: url,
      headers: rawHeaders as never,
      agent: this.agent,
    });
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    return { answer, body: await buffer(answer) };
  }
}

function said(
  { method, url }: IncomingMessage,
  { statusCode, headers }: IncomingMessage,
  body: Buffer,
): Said {
  let json: unknown;
  try {
    json = JSON.parse(body.toString());
  } catch {
    json = undefined;
  }
  return {
    method: method as string,
    path: url as string,
    status: statusCode as number,
    requestId: headers['x-compute-request-id'] as string | undefined,
    json,
  };
}
