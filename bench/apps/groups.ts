import { createHash } from 'node:crypto';
import { createPool, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import { POOL_SIZE } from './data-source.js';
import type { NewOrder, TakenOrder } from './order.js';
import { INTO_TASKS, newTaskRow, PLACEHOLDERS, type TaskRow } from './task-row.js';

/** One group is on its way at a time; what comes meanwhile goes with the next one. */
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

/**
 * The limit: what a writer of groups can do that knows one database, one table and one outcome, and nothing of limits,
 * lost connections or shutting down.
 */
export class OrdersInGroups {
  private readonly inserts: Groups<TaskRow, boolean>;
  private readonly updates: Groups<[uuid: Buffer, resource: string], boolean>;

  constructor(databaseUrl: string) {
    const pool = createPool({ uri: databaseUrl, charset: 'utf8mb4', connectionLimit: POOL_SIZE });
    this.inserts = new Groups(async (rows) => {
      const sql = `INSERT IGNORE ${INTO_TASKS} ${Array(rows.length).fill(PLACEHOLDERS).join(', ')} RETURNING uuid`;
      const [written] = await pool.execute<RowDataPacket[]>(sql, rows.flat());
      const uuids = new Set(written.map(({ uuid }) => (uuid as Buffer).toString('hex')));
      return rows.map(([uuid]) => uuids.has((uuid as Buffer).toString('hex')));
    });
    this.updates = new Groups(async (changes) => {
      const sql =
        `UPDATE tasks JOIN (SELECT ? AS id, ? AS made${' UNION ALL SELECT ?, ?'.repeat(changes.length - 1)}) AS news ` +
        `ON tasks.uuid = news.id SET state = 'success', resource = made, last_updated = ?, next_look = NULL ` +
        `WHERE state IN ('pending', 'unknown', 'processing')`;
      const [{ affectedRows }] = await pool.execute<ResultSetHeader>(sql, [...changes.flat(), Date.now()]);
      if (affectedRows !== changes.length) throw new Error('A task was not settled.');
      return changes.map(() => true);
    });
  }

  /** @returns the row's key, or `null` when the request is a duplicate */
  async begin(tag: string, order: NewOrder): Promise<Buffer | null> {
    const row = newTaskRow(tag, createHash('sha256').update(JSON.stringify(order)).digest());
    return (await this.inserts.add(row)) ? (row[0] as Buffer) : null;
  }

  async end(key: Buffer, { order }: TakenOrder): Promise<void> {
    await this.updates.add([key, JSON.stringify({ order: order.id })]);
  }
}
