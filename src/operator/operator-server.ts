import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { fastify, type FastifyInstance } from 'fastify';
import { Figures } from '../cluster/figures.js';
import { Settings } from '../config/settings.js';
import { Readiness } from '../health/readiness.js';
import { serveOperatorPaths } from './operator-paths.js';

/**
 * The operator's paths on a port of their own, when `OPERATOR_PORT` is set. It is a separate server, so that it serves
 * nothing of the API. It outlives the API: while the last requests are answered, `/readyz` still reports the state.
 */
@Injectable()
export class OperatorServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(OperatorServer.name);
  private server: FastifyInstance | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly readiness: Readiness,
    private readonly figures: Figures,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { OPERATOR_PORT: port, HOST: host } = this.settings;
    if (port === undefined) return;
    this.server = fastify({ forceCloseConnections: true });
    serveOperatorPaths(this.server, this.readiness, this.figures);
    const url = await this.server.listen({ port, host });
    this.logger.log(`/healthz, /readyz, /healthcheck and /metrics are at ${url}`);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.server?.close();
  }

  /** The address it listens on; `undefined` when the paths are on the main port. */
  get url(): string | undefined {
    return this.server?.listeningOrigin;
  }

  /** Puts the paths on the API's own server, unless they have a port of their own. */
  serveOn(main: FastifyInstance): void {
    if (this.settings.OPERATOR_PORT === undefined) {
      serveOperatorPaths(main, this.readiness, this.figures);
    }
  }
}
