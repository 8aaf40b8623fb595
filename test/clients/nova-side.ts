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

/** A create whose answer Nova has given, and nobody has yet. */
interface Hold {
  isAnswered: () => void;
  /** Settled when the answer may go on. */
  go: Promise<void>;
}

/** Stands between the gateways and Nova: it holds the answer of a create until something has happened elsewhere. */
export class NovaSide {
  /** Names of the servers that Nova has accepted. */
  readonly accepted: string[] = [];
  private readonly onTheWay: string[] = [];
  private readonly holds = new Map<string, Hold>();
  private readonly agent = new Agent({ keepAlive: true });
  private readonly server = createServer((request, response) => {
    this.pass(request, response).catch(() => response.destroy());
  });

  private constructor(private readonly nova: URL) {}

  static async before(nova: string): Promise<NovaSide> {
    const side = new NovaSide(new URL(nova));
    side.server.listen(0, '127.0.0.1');
    await once(side.server, 'listening');
    return side;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Holds the answer to the next create of this name: when Nova has given it, and how to let it go on. */
  hold(name: string): { answered: Promise<void>; release: () => void } {
    let isAnswered!: () => void;
    let release!: () => void;
    const answered = new Promise<void>((resolve) => (isAnswered = resolve));
    const go = new Promise<void>((resolve) => (release = resolve));
    this.holds.set(name, { isAnswered, go });
    return { answered, release };
  }

  /** Whether a create of this name has no answer yet. */
  isBusyWith(name: string): boolean {
    return this.onTheWay.includes(name);
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
    this.agent.destroy();
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = await buffer(request);
    const name = nameOfCreate(request, sent);
    if (name !== null) this.onTheWay.push(name);
    try {
      await this.ask(request, sent, name, response);
    } finally {
      if (name !== null) this.onTheWay.splice(this.onTheWay.indexOf(name), 1);
    }
  }

  private async ask(
    request: IncomingMessage,
    sent: Buffer,
    name: string | null,
    response: ServerResponse,
  ): Promise<void> {
    const { hostname: host, port } = this.nova;
    const { method, url: path, rawHeaders } = request;
    const headers = rawHeaders as never;
    const outgoing = httpRequest({ host, port, method, path, headers, agent: this.agent });
    outgoing.end(sent);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    const body = await buffer(answer);
    if (name !== null) await this.take(name, answer.statusCode as number);
    response.writeHead(answer.statusCode as number, answer.statusMessage, answer.rawHeaders).end(body);
  }

  private async take(name: string, status: number): Promise<void> {
    if (status === 202) this.accepted.push(name);
    const hold = this.holds.get(name);
    this.holds.delete(name);
    hold?.isAnswered();
    await hold?.go;
  }
}

/** The name of the server that a request creates; `null` when it does something else. */
export function nameOfCreate({ method, url }: IncomingMessage, body: Buffer): string | null {
  if (method !== 'POST' || !/\/servers\/?$/.test(url as string)) return null;
  return JSON.parse(body.toString()).server.name as string;
}
