import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions } from 'fastify';

/** How long a connection may be silent on which nothing has come yet, when the server stops. In milliseconds. */
const SILENT_MS = 1000;

/** How long connections are still taken that clients had begun to make, when the server stops. In milliseconds. */
const TAKING_MS = 1000;

/** How long clients are waited for when the server stops. In milliseconds. */
export interface DrainLimits {
  /** Until a request must have arrived whole. */
  requestMs: number;
  /** Until all must have been answered, and have read their answers. */
  answerMs: number;
}

/**
 * Fastify that takes no more connections as soon as the application begins to close, and ends each one that it has with
 * the next answer. Nest by itself goes on listening until the last request is answered: with clients that keep sending
 * there would be no last one. And no client that neither sends nor reads keeps the server from stopping.
 */
export class DrainingAdapter extends FastifyAdapter<Server> {
  private readonly answers = new Set<ServerResponse>();
  private readonly connections = new Set<Socket>();
  private drained: Promise<void> = Promise.resolve();
  private isDraining = false;

  constructor(
    options: FastifyHttpOptions<Server>,
    private readonly limits: DrainLimits,
  ) {
    super(options);
    const server = this.getHttpServer();
    server.on('connection', (connection) => {
      this.connections.add(connection);
      connection.once('close', () => this.connections.delete(connection));
    });
    server.prependListener('request', (_: unknown, answer: ServerResponse) => {
      if (this.isDraining) answer.shouldKeepAlive = false;
      this.answers.add(answer);
      answer.once('close', () => this.answers.delete(answer));
    });
  }

  override beforeClose(): void {
    super.beforeClose();
    const server = this.getHttpServer();
    if (this.isDraining || !server.listening) return;
    this.isDraining = true;
    for (const answer of this.answers) answer.shouldKeepAlive = false;
    const timers = [
      // Node closes those that wait for another request; not those on which there was none yet: it may be on its way.
      setTimeout(() => this.endSilent(), SILENT_MS),
      setTimeout(() => this.endUnfinished(), this.limits.requestMs),
      setTimeout(() => server.closeAllConnections(), this.limits.answerMs),
    ];
    this.drained = this.closeListener().finally(() => timers.forEach(clearTimeout));
  }

  override async close(): Promise<void> {
    await this.drained;
    await super.close();
  }

  /**
   * Ends the listening once nobody waits to be taken: the kernel resets those who do. The event loop takes one
   * connection a turn, so it goes on until a turn has brought none.
   */
  private async closeListener(): Promise<void> {
    const server = this.getHttpServer();
    const until = Date.now() + TAKING_MS;
    let quietTurns = 0;
    const onConnection = (): void => void (quietTurns = 0);
    server.on('connection', onConnection);
    // Two: the turn that has begun may have looked for connections already.
    while (quietTurns < 2 && Date.now() < until) {
      quietTurns += 1;
      await new Promise(setImmediate);
    }
    server.off('connection', onConnection);
    await new Promise((resolve) => server.close(resolve));
  }

  private endSilent(): void {
    for (const connection of this.connections) if (connection.bytesRead === 0) connection.destroy();
  }

  /** Ends connections on which a request is not whole yet. */
  private endUnfinished(): void {
    const whole = new Set([...this.answers].filter(({ req }) => req.complete).map(({ req }) => req.socket));
    for (const connection of this.connections) if (!whole.has(connection)) connection.destroy();
  }
}
