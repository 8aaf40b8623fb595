import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions } from 'fastify';

/**
 * Fastify that takes no more connections as soon as the application begins to close, and ends each one that it has with
 * the next answer. Nest by itself goes on listening until the last request is answered: with clients that keep sending
 * there would be no last one.
 */
export class DrainingAdapter extends FastifyAdapter<Server> {
  private readonly answers = new Set<ServerResponse>();
  private readonly connections = new Set<Socket>();
  private drained: Promise<void> = Promise.resolve();
  private isDraining = false;

  constructor(options: FastifyHttpOptions<Server>) {
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
    this.drained = new Promise((resolve) => server.close(() => resolve()));
    for (const answer of this.answers) answer.shouldKeepAlive = false;
    // Node closes those that wait for another request; not those on which there was none yet, which could wait for ever.
    for (const connection of this.connections) if (connection.bytesRead === 0) connection.destroy();
  }

  override async close(): Promise<void> {
    await this.drained;
    await super.close();
  }
}
