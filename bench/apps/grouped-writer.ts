import { fastify } from 'fastify';
import { OrdersInGroups } from './groups.js';
import { type NewOrder, takeOrder } from './order.js';
import { serve } from './serve.js';

/** The limit, on Fastify alone. */
serve(async ({ databaseUrl }) => {
  const orders = new OrdersInGroups(databaseUrl);
  const app = fastify();
  app.post<{ Body: NewOrder }>('/orders', async (request, reply) => {
    const tag = request.headers['task-tag'] as string;
    const key = await orders.begin(tag, request.body);
    if (key === null) return reply.status(409).send({ message: 'That request is already accepted' });
    const answer = takeOrder(request.body);
    await orders.end(key, answer);
    return reply.status(202).header('task-tag', tag).send(answer);
  });
  return app.listen({ host: '127.0.0.1', port: 0 });
});
