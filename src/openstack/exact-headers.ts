import type { FastifyInstance } from 'fastify';

/**
 * Sends the bytes of an echoed tag as they came. Node joins the headers and a body that is a string into one string
 * in UTF-8, which would encode them once more; headers before a body of bytes go out as they are.
 */
export function sendHeadersExactly(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    const tag = reply.getHeader('task-tag');
    const isOdd = typeof tag === 'string' && /[^\x00-\x7f]/.test(tag);
    done(null, isOdd && typeof payload === 'string' ? Buffer.from(payload) : payload);
  });
}
