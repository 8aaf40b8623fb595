import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Figures } from '../cluster/figures.js';
import type { Readiness } from '../health/readiness.js';
import { healthcheckAnswer } from './healthcheck.js';

const ALIVE = '/healthz';
const READY = '/readyz';
const HEALTHCHECK = '/healthcheck';
const METRICS = '/metrics';

const PATHS = new Set([ALIVE, READY, HEALTHCHECK, METRICS]);

/** Whether a request is for one of the paths below, and so comes from an operator. */
export function isOperatorRequest(request: FastifyRequest): boolean {
  return PATHS.has(request.routeOptions.url ?? '');
}

/**
 * Serves the operator's paths, without a token. Bare routes of Fastify, so that they are the same on the main port and
 * on a port of their own.
 */
export function serveOperatorPaths(fastify: FastifyInstance, readiness: Readiness, figures: Figures): void {
  /** Answers as long as the process does: it asks nothing else, not even the database. */
  fastify.get(ALIVE, (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'alive' }),
  );

  fastify.get(READY, async (_request, reply) => {
    const report = await readiness.report();
    return reply
      .status(report.status === 'ready' ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(report);
  });

  fastify.route({
    method: ['GET', 'HEAD'],
    url: HEALTHCHECK,
    handler: async ({ method, headers }, reply) => {
      const { status, type, body } = healthcheckAnswer(await readiness.report(), method, headers.accept);
      return reply
        .status(status)
        .header('content-type', type)
        .header('cache-control', 'no-store')
        .send(Buffer.from(body));
    },
  });

  fastify.get(METRICS, async (_request, reply) =>
    reply
      .header('content-type', figures.contentType)
      .header('cache-control', 'no-store')
      .send(await figures.text()),
  );
}
