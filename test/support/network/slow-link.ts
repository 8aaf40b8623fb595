import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A long way to a server: what is sent arrives later, each time by as much. */
export class SlowLink {
  private readonly sockets = new Set<Socket>();
  private server!: Server;

  /** @param delayMs how much later, each way; may be changed at any time */
  private constructor(
    private readonly target: URL,
    public delayMs: number,
  ) {}

  static async to(target: string, delayMs: number): Promise<SlowLink> {
    const link = new SlowLink(new URL(target), delayMs);
    link.server = createServer((socket) => link.join(socket));
    link.server.listen(0, '127.0.0.1');
    await once(link.server, 'listening');
    return link;
  }

  /** The target's URL, by way of the link. */
  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private join(near: Socket): void {
    const far = connect(Number(this.target.port), this.target.hostname);
    this.carry(near, far);
    this.carry(far, near);
  }

  /** Timers of the same length go off in their order. */
  private carry(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (data) => setTimeout(() => to.write(data), this.delayMs));
    from.on('error', () => undefined);
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
