import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between the server and what it needs, so that a test can take that away and bring it back. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private readonly pairs = new Set<[Socket, Socket]>();
  private server!: Server;
  private port = 0;
  private isFrozen = false;
  private heldText: string | null = null;

  private constructor(private readonly target: URL) {}

  /** @param target where it leads to: a URL; without a port, MariaDB's */
  static async to(target: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(target));
    await proxy.open();
    return proxy;
  }

  /** The target's URL, by way of the proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  /** Listens, at first or again, on the same port. */
  async open(): Promise<void> {
    this.isFrozen = false;
    this.server = createServer((socket) => this.join(socket));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Cuts all connections, and takes no more. */
  async cut(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, 'close');
  }

  /** Keeps all connections, and lets nothing through. */
  freeze(): void {
    this.isFrozen = true;
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  /** From when a client sends some text on, nothing that the target says to it is let through. */
  holdAnswersTo(text: string): void {
    this.heldText = text;
  }

  /** Lets through again what waits, and what comes. */
  thaw(): void {
    this.isFrozen = false;
    this.heldText = null;
    for (const [one, other] of this.pairs) {
      one.unpipe().pipe(other);
      other.unpipe().pipe(one);
    }
  }

  private join(socket: Socket): void {
    const other = connect(Number(this.target.port || 3306), this.target.hostname);
    const pair: [Socket, Socket] = [socket, other];
    this.pairs.add(pair);
    for (const end of pair) {
      this.sockets.add(end);
      end.on('error', () => undefined);
      end.on('close', () => {
        this.sockets.delete(end);
        this.pairs.delete(pair);
        socket.destroy();
        other.destroy();
      });
    }
    socket.on('data', (data: Buffer) => {
      if (this.heldText !== null && data.includes(this.heldText)) other.unpipe().pause();
    });
    if (this.isFrozen) {
      socket.pause();
      return;
    }
    socket.pipe(other);
    other.pipe(socket);
  }
}
