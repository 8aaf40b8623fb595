import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions } from 'fastify';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { InFlight } from './http/in-flight.js';
import { onceOver } from './http/once-over.js';

/** While the server stops: how long a connection without a request may stay silent. In milliseconds. */
const SILENT_MS = 1000;

/** While the server stops: how long connections that clients had begun to make are still taken. In milliseconds. */
const TAKING_MS = 1000;

/** How long to wait for clients while the server stops. In milliseconds. */
export interface DrainLimits {
  /** Until a request must have arrived completely. */
  requestMs: number;
  /** Until all requests must have been answered, and their answers read. */
  answerMs: number;
}

/**
 * Fastify that takes no more connections once the application begins to close, and ends each open one with its next
 * answer. Nest by itself goes on listening until the last request is answered: with clients that keep sending there
 * would never be a last one. A client that neither sends nor reads cannot keep the server from stopping.
 */
export class DrainingAdapter extends FastifyAdapter<Server> {
  private readonly answers = new InFlight<ServerResponse>();
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
      const place = this.answers.add(answer);
      onceOver(answer, () => this.answers.remove(place));
    });
  }

  override beforeClose(): void {
    super.beforeClose();
    const server = this.getHttpServer();
    if (this.isDraining || !server.listening) return;
    this.isDraining = true;
    for (const answer of this.answers) answer.shouldKeepAlive = false;
    const timers = [
      // Node closes connections that wait for another request, but not those that had none yet: it may be on its way.
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
   * Stops listening once no connection waits to be taken: the kernel would reset waiting ones. The event loop takes one
   * connection a turn, so this goes on until a turn has brought none.
   */
  private async closeListener(): Promise<void> {
    const server = this.getHttpServer();
    const until = Date.now() + TAKING_MS;
    let quietTurns = 0;
    const onConnection = (): void => void (quietTurns = 0);
    server.on('connection', onConnection);
    // Two: the current turn may have looked for connections already.
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

  /** Ends connections whose request is not complete yet. */
  private endUnfinished(): void {
    const whole = new Set([...this.answers].filter(({ req }) => req.complete).map(({ req }) => req.socket));
    for (const connection of this.connections) if (!whole.has(connection)) connection.destroy();
  }
}
