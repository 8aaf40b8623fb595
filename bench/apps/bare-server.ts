import { fastify } from 'fastify';

/** An answer of Tasktag's, to be given again and again. */
export interface HardCodedAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** The answer to each kind of request. */
export interface HardCodedAnswers {
  create: HardCodedAnswer;
  lookUp: HardCodedAnswer;
}

/**
 * What the stand-alone server is compared with: the framework alone. It reads the same requests, parses the same bodies
 * and answers the same bytes, and does nothing else. Its parent sends it the answers, and gets its URL.
 */
process.once('message', (answers: HardCodedAnswers) => void serve(answers));

async function serve({ create, lookUp }: HardCodedAnswers): Promise<void> {
  const app = fastify();
  app.post('/v3/servers', (_request, reply) =>
    reply.status(create.status).headers(create.headers).send(create.text),
  );
  app.get('/v3/servers/:key/tasks', (_request, reply) =>
    reply.status(lookUp.status).headers(lookUp.headers).send(lookUp.text),
  );
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  process.send?.(url);
}
