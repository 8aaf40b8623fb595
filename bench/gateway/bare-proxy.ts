import replyFrom from '@fastify/reply-from';
import { fastify } from 'fastify';

/** Where a bare proxy forwards to, and whether over connections that are used again. */
export interface BareProxy {
  url: string;
  keeps: boolean;
}

/**
 * What the gateway is compared with: Fastify's own proxy as its documentation has it, over undici, with bodies
 * streamed both ways and without a log. Its parent sends it what to do, and gets its URL.
 */
process.once('message', (order: BareProxy) => void serve(order));

async function serve({ url, keeps }: BareProxy): Promise<void> {
  const app = fastify();
  // By Node's own client, since undici's `pipelining: 0`, which closes connections too, takes three times as long here.
  const client = keeps ? {} : { http: { agentOptions: { keepAlive: false } } };
  await app.register(replyFrom, { base: url, disableRequestLogging: true, ...client });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, body, done) => done(null, body));
  app.all('/*', (_request, reply) => reply.from());
  process.send?.(await app.listen({ host: '127.0.0.1', port: 0 }));
}
