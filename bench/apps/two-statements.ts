import { createHash } from 'node:crypto';
import { fastify } from 'fastify';
import { createPool, type ResultSetHeader } from 'mysql2/promise';
import { POOL_SIZE } from './data-source.js';
import { type NewOrder, takeOrder } from './order.js';
import { serve } from './serve.js';
import { INSERT_TASK, newTaskRow, SETTLE_TASK } from './task-row.js';

/**
 * The same promise by hand, in the least code: an INSERT before the work and an UPDATE after it, as prepared
 * statements. Nothing is canonical here: the fingerprint is that of the body as it is parsed.
 */
serve(async ({ databaseUrl }) => {
  const pool = createPool({ uri: databaseUrl, charset: 'utf8mb4', connectionLimit: POOL_SIZE });
  const app = fastify();
  app.post<{ Body: NewOrder }>('/orders', async (request, reply) => {
    const tag = request.headers['task-tag'] as string;
    const row = newTaskRow(tag, createHash('sha256').update(JSON.stringify(request.body)).digest());
    try {
      await pool.execute(INSERT_TASK, row);
    } catch (error) {
      if ((error as { code?: string }).code !== 'ER_DUP_ENTRY') throw error;
      return reply.status(409).send({ message: 'That request is already accepted' });
    }
    const answer = takeOrder(request.body);
    const [{ affectedRows }] = await pool.execute<ResultSetHeader>(SETTLE_TASK, [
      'success',
      JSON.stringify({ order: answer.order.id }),
      Date.now(),
      row[0] as Buffer,
    ]);
    if (affectedRows !== 1) throw new Error('The task was not settled.');
    return reply.status(202).header('task-tag', tag).send(answer);
  });
  return app.listen({ host: '127.0.0.1', port: 0 });
});
