import type { FastifyInstance } from 'fastify';

/**
 * The headers of every answer of this server's own, also of an error. No cache may keep one: it is about this moment,
 * and for whoever has the token, by which caches do not tell answers apart.
 *
 * @param requestId the id of the request that is answered
 */
export function ownHeaders(requestId: string) {
  return {
    'cache-control': 'no-store',
    'x-openstack-request-id': requestId,
    'x-compute-request-id': requestId,
  };
}

/** Gives all that Fastify answers these headers. Who writes past it does so himself. */
export function sendOwnHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(ownHeaders(request.id));
    done();
  });
}
