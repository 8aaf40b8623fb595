import type { FastifyInstance } from 'fastify';

/**
 * The headers of all of this server's own answers, even errors. No cache may keep them: an answer holds only for this
 * moment and for the owner of the token, and caches do not distinguish tokens.
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

/** Adds these headers to all answers of Fastify. Code that writes past Fastify adds them itself. */
export function sendOwnHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(ownHeaders(request.id));
    done();
  });
}
