import { once } from 'node:events';
import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Gateway } from './gateway.js';
import { nameOfCreate, type NovaSide } from './nova-side.js';
import type { Trouble } from './troubles.js';

/** What the way of one client leads to at the moment. */
interface Course {
  gateway: Gateway;
  /** What the first create of this name meets. */
  name: string;
  trouble: Trouble;
  killClient: () => Promise<void>;
}

/** What came by, in a line: for whoever wants to know why a cell is not as it should be. */
export type Wire = string[];

/** Stands between one client and a gateway as a proxy does: who leaves it is left at the gateway, too. */
export class Way {
  /** Requests that are on their way. */
  open = 0;
  /** Creates that the client has sent since it was led here. */
  creates = 0;
  readonly wire: Wire = [];
  private course: Course | undefined;
  private isMet = false;
  private readonly server = createServer((request, response) => {
    this.open += 1;
    this.take(request, response)
      .catch((error: Error) => {
        this.wire.push(`${request.method} ${request.url}: ${error.message}`);
        response.destroy();
      })
      .finally(() => (this.open -= 1));
  });

  private constructor(private readonly novaSide: NovaSide) {}

  static async of(novaSide: NovaSide): Promise<Way> {
    const way = new Way(novaSide);
    // No connection ends by itself: that would be one more trouble.
    way.server.keepAliveTimeout = 60_000;
    way.server.listen(0, '127.0.0.1');
    await once(way.server, 'listening');
    return way;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Leads elsewhere from now on. */
  lead(course: Course): void {
    this.course = course;
    this.isMet = false;
    this.creates = 0;
    this.wire.length = 0;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const course = this.course as Course;
    const name = nameOfCreate(request, body);
    if (name === course.name) this.creates += 1;
    const create = new Create(course, request, body, response, this.novaSide, this.wire);
    if (name !== course.name || this.isMet) return create.pass();
    this.isMet = true;
    await course.trouble.play(create);
  }
}

/** A request on its way, mostly a create, of which a trouble decides what becomes of it. */
export class Create {
  readonly client: Socket;
  private outgoing: ReturnType<typeof httpRequest> | undefined;
  private held: ReturnType<NovaSide['hold']> | undefined;

  constructor(
    private readonly course: Course,
    private readonly request: IncomingMessage,
    private readonly body: Buffer,
    readonly response: ServerResponse,
    private readonly novaSide: NovaSide,
    private readonly wire: Wire,
  ) {
    this.client = request.socket;
  }

  /** Sends it to the gateway, and waits until Nova has accepted it; nobody gets Nova's answer yet. */
  async sendUntilNovaHasIt(): Promise<void> {
    this.held = this.novaSide.hold(this.course.name);
    // Nobody waits for what becomes of it.
    this.ask().catch(() => undefined);
    await this.held.answered;
  }

  /** Lets the gateway have Nova's answer. */
  letNovaAnswer(): void {
    this.held?.release();
  }

  /** Closes the connection to the gateway. */
  leave(): void {
    this.outgoing?.destroy();
  }

  /** Kills the gateway, and starts it again. */
  crashGateway(): Promise<void> {
    return this.course.gateway.crash();
  }

  killClient(): Promise<void> {
    return this.course.killClient();
  }

  async untilClientHasLeft(): Promise<void> {
    if (!this.response.destroyed) await once(this.response, 'close');
  }

  /** Sends it to the gateway, and waits for the whole answer. */
  async untilAnswered(): Promise<void> {
    await this.ask();
  }

  /** When the gateway has read it: it has answered a question that came behind. */
  async untilGatewayHasIt(): Promise<void> {
    await (await fetch(`${this.course.gateway.url}/healthz`)).text();
  }

  /** Sends it to the gateway, and passes the answer on. */
  async pass(): Promise<void> {
    this.response.once('close', () => this.leave());
    const { answer, body } = await this.ask();
    this.response.writeHead(answer.statusCode as number, answer.statusMessage, answer.rawHeaders).end(body);
  }

  private async ask(): Promise<{ answer: IncomingMessage; body: Buffer }> {
    const { hostname: host, port } = new URL(this.course.gateway.url);
    const { method, url: path, rawHeaders } = this.request;
    const tag = this.request.headers['task-tag'];
    const startedAt = Date.now();
    const line = `${method} ${path}${tag === undefined ? '' : ` (Task-tag: ${String(tag)})`}`;
    try {
      const headers = rawHeaders as never;
      this.outgoing = httpRequest({ host, port, method, path, headers, agent: false });
      this.outgoing.end(this.body);
      const [answer] = (await once(this.outgoing, 'response')) as [IncomingMessage];
      const body = await buffer(answer);
      const replayed = answer.headers['task-replayed'] === undefined ? '' : ', replayed';
      const words =
        answer.statusCode === undefined || answer.statusCode < 300
          ? ''
          : `: ${body.toString().slice(0, 900)}`;
      this.wire.push(`${line} -> ${answer.statusCode}${replayed} (${Date.now() - startedAt} ms)${words}`);
      return { answer, body };
    } catch (error) {
      this.wire.push(`${line} -> ${(error as Error).message} (${Date.now() - startedAt} ms)`);
      throw error;
    }
  }
}
