import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { Counter, Histogram, Registry } from 'prom-client';
import { isOperatorRequest } from '../operator/operator-paths.js';
import { hasWaited } from '../tasks/waiting/waiting-look-ups.js';

/** The route of requests that match none: one name for all of them, whatever their URL. */
const NO_ROUTE = 'none';

/** Counts and times the API's requests, by route: a pattern such as `/v3/servers/:key`, never a client's own text. */
@Injectable()
export class RequestMetrics {
  private readonly requests: Counter<'method' | 'route' | 'status'>;
  private readonly durations: Histogram<'method' | 'route'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.requests = new Counter({
      name: 'tasktag_requests_total',
      help: 'Requests answered, or given up by the client, by method, route and HTTP status.',
      labelNames: ['method', 'route', 'status'],
      registers,
    });
    this.durations = new Histogram({
      name: 'tasktag_request_duration_seconds',
      help: 'Time from the arrival of a request to the end of its answer, by method and route.',
      labelNames: ['method', 'route'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    });
  }

  /** Counts what a server answers from now on. */
  observe(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', (request, reply, done) => {
      if (!isOperatorRequest(request)) {
        const method = request.method;
        const route = request.routeOptions.url ?? NO_ROUTE;
        this.requests.inc({ method, route, status: reply.statusCode });
        // How long a client wanted to wait tells nothing of this server.
        if (!hasWaited(reply.raw)) this.durations.observe({ method, route }, reply.elapsedTime / 1000);
      }
      done();
    });
  }
}
