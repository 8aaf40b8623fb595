import replyFrom from '@fastify/reply-from';
import { fastify } from 'fastify';

/**
 * What the gateway is compared with: Fastify's own proxy as its documentation has it, over undici, with bodies
 * streamed both ways and without a log. Its parent sends it where to forward to, and gets its URL.
 */
process.once('message', (upstream: { url: string }) => void serve(upstream));

async function serve({ url }: { url: string }): Promise<void> {
  const app = fastify();
  await app.register(replyFrom, { base: url, disableRequestLogging: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, body, done) => done(null, body));
  app.all('/*', (_request, reply) => reply.from());
  process.send?.(await app.listen({ host: '127.0.0.1', port: 0 }));
}
