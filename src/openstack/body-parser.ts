import type { FastifyInstance } from 'fastify';

/** The longest body, in bytes: the limit of Nova's own stack (oslo.middleware, `sizelimit`). */
export const BODY_LIMIT = 114_688;

/**
 * Takes every body as bytes. It is parsed as JSON only after the token was validated, as in Nova (`JsonBodyGuard`), and
 * the fingerprint needs the bytes.
 */
export function takeBodiesAsBytes(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}
