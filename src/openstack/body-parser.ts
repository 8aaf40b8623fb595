import type { FastifyInstance } from 'fastify';

/** The longest body, in bytes: the limit of Nova's own stack (oslo.middleware, `sizelimit`). */
export const BODY_LIMIT = 114_688;

/**
 * Takes every body as bytes. Whether it is JSON is asked only after the token is found valid, as Nova does
 * (`JsonBodyGuard`), and the fingerprint needs the bytes.
 */
export function takeBodiesAsBytes(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}
