import { createHash } from 'node:crypto';
import { fastify } from 'fastify';
import { createPool, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import { POOL_SIZE } from './data-source.js';
import { type NewOrder, takeOrder } from './order.js';
import { serve } from './serve.js';
import { INTO_TASKS, newTaskRow, PLACEHOLDERS, type TaskRow } from './task-row.js';

/**
 * The limit: what a writer of groups can do that knows one database, one table and one outcome, and nothing of limits,
 * lost connections or shutting down. One group of INSERTs and one of UPDATEs are on their way at a time; what comes
 * meanwhile goes with the next one.
 */
class Groups<Item, Result> {
  private waiting: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  private isRunning = false;

  constructor(private readonly write: (items: Item[]) => Promise<Result[]>) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.isRunning) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    while (this.waiting.length > 0) {
      await new Promise(setImmediate);
      const group = this.waiting;
      this.waiting = [];
      try {
        const results = await this.write(group.map(({ item }) => item));
        group.forEach(({ resolve }, n) => resolve(results[n] as Result));
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.isRunning = false;
  }
}

serve(async ({ databaseUrl }) => {
  const pool = createPool({ uri: databaseUrl, charset: 'utf8mb4', connectionLimit: POOL_SIZE });

  const inserts = new Groups<TaskRow, boolean>(async (rows) => {
    const sql = `INSERT IGNORE ${INTO_TASKS} ${Array(rows.length).fill(PLACEHOLDERS).join(', ')} RETURNING uuid`;
    const [written] = await pool.execute<RowDataPacket[]>(sql, rows.flat());
    const uuids = new Set(written.map(({ uuid }) => (uuid as Buffer).toString('hex')));
    return rows.map(([uuid]) => uuids.has((uuid as Buffer).toString('hex')));
  });
  const updates = new Groups<[uuid: Buffer, resource: string], boolean>(async (changes) => {
    const sql =
      `UPDATE tasks JOIN (SELECT ? AS id, ? AS made${' UNION ALL SELECT ?, ?'.repeat(changes.length - 1)}) AS news ` +
      `ON tasks.uuid = news.id SET state = 'success', resource = made, last_updated = ?, next_look = NULL ` +
      `WHERE state IN ('pending', 'unknown', 'processing')`;
    const [{ affectedRows }] = await pool.execute<ResultSetHeader>(sql, [...changes.flat(), Date.now()]);
    if (affectedRows !== changes.length) throw new Error('A task was not settled.');
    return changes.map(() => true);
  });

  const app = fastify();
  app.post<{ Body: NewOrder }>('/orders', async (request, reply) => {
    const tag = request.headers['task-tag'] as string;
    const row = newTaskRow(tag, createHash('sha256').update(JSON.stringify(request.body)).digest());
    if (!(await inserts.add(row)))
      return reply.status(409).send({ message: 'That request is already accepted' });
    const answer = takeOrder(request.body);
    await updates.add([row[0] as Buffer, JSON.stringify({ order: answer.order.id })]);
    return reply.status(202).header('task-tag', tag).send(answer);
  });
  return app.listen({ host: '127.0.0.1', port: 0 });
});
