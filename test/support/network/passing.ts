import { fastify, type FastifyInstance } from 'fastify';
import { once } from 'node:events';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createTcp, type Server, type Socket } from 'node:net';
import { loadSettings } from '../../../src/config/load-settings.js';
import { PassThrough } from '../../../src/gateway/nova/pass-through/pass-through.js';
import { NovaUpstream } from '../../../src/gateway/nova/upstream/nova-upstream.js';
import { LAB_SETTINGS } from '../openstack/lab.js';
import { Client } from './http.js';

/** A server that passes everything on, to an upstream that a test makes up. */
export class Passing {
  client!: Client;
  private readonly sockets = new Set<Socket>();
  /** Requests that are answered, or whose clients have gone. */
  answered = 0;
  private upstream!: NovaUpstream;
  private app!: FastifyInstance;

  private constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /** To an upstream that speaks HTTP. */
  static toHttp(listener: RequestListener, settings?: Record<string, string>): Promise<Passing> {
    return new Passing(createHttp(listener)).start(settings);
  }

  /** To an upstream of which a test has each byte. */
  static toSocket(listener: (socket: Socket) => void, settings?: Record<string, string>): Promise<Passing> {
    return new Passing(createTcp(listener)).start(settings);
  }

  /** How many connections the upstream has now. */
  get upstreamConnections(): number {
    return this.sockets.size;
  }

  /** Stops the upstream alone: nobody listens there any more. */
  async stopUpstream(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.stopUpstream();
    await this.app.close();
    await this.upstream.onApplicationShutdown();
  }

  private async start(settings: Record<string, string> = {}): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const { port } = this.server.address() as { port: number };
    const NOVA_URL = `http://127.0.0.1:${port}`;
    this.upstream = new NovaUpstream(
      loadSettings({ ...LAB_SETTINGS, COMPUTE: 'nova', NOVA_URL, ...settings }),
    );
    const passThrough = new PassThrough(this.upstream);
    this.app = fastify({ genReqId: () => 'req-of-the-gateway', forceCloseConnections: true });
    this.app.addHook('onRequest', (request, reply) => {
      reply.raw.once('close', () => (this.answered += 1));
      passThrough.pass(request, reply);
    });
    this.client = new Client(await this.app.listen({ host: '127.0.0.1', port: 0 }));
    return this;
  }
}
