import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { DataSource } from 'typeorm';
import { uuidBytes } from '../../src/storage/bytes.js';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { SCHEMA } from '../../src/schema.js';
import type { NewTask } from '../../src/tasks/recording/new-task.js';
import { RecorderBusyError } from '../../src/tasks/recording/recorder-busy.error.js';
import { TaskRecorder } from '../../src/tasks/recording/task.recorder.js';
import { TaskStore } from '../../src/tasks/recording/task.store.js';
import { ID_BYTES } from '../../src/tasks/tables/id-widths.js';
import { Task } from '../../src/tasks/task.entity.js';
import { DuplicateRequestError } from '../../src/tasks/task.errors.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { until } from '../support/until.js';

declare const testDatabase: 'sqlite' | 'mariadb';

/** A request of its own for each tag; without a tag one that is like no other. */
function request(tag: string | null, more: Partial<NewTask> = {}): NewTask {
  return {
    projectId: 'demo',
    userId: 'alice',
    tag: tag,
    description:
      tag === null
        ? null
        : { method: 'POST', url: '/servers', mediaType: 'text/plain', body: Buffer.from('x') },
    task: 'create',
    resource: null,
    requestId: null,
    globalRequestId: null,
    ...more,
  };
}

describe('the recorder', () => {
  let test: TestApp;
  let recorder: TaskRecorder;
  let source: DataSource;
  const look = () => {
    recorder = test.app.get(TaskRecorder, { strict: false });
    source = test.app.get(DataSource);
  };
  beforeAll(async () => {
    test = await startApp();
    look();
  });
  afterAll(() => test.close());

  const tags = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name}-${n}`);
  const codeOf = ({ reason }: PromiseRejectedResult) => (reason as { code?: string }).code;

  it('knows of each of many equal and different requests at once who was first', async () => {
    const wanted = tags('crowd', 40).flatMap((tag) => [tag, tag, tag, tag, tag]);
    const results = await Promise.allSettled(wanted.map((tag) => recorder.record(request(tag))));
    const first = new Map<string, string>();
    results.forEach((result, n) => {
      if (result.status === 'fulfilled') first.set(wanted[n] as string, result.value.uuid);
    });
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(40);
    results.forEach((result, n) => {
      if (result.status === 'fulfilled') return;
      expect(result.reason).toBeInstanceOf(DuplicateRequestError);
      expect((result.reason as DuplicateRequestError).task.uuid).toBe(first.get(wanted[n] as string));
    });
  });

  it('keeps the order of news of one task, and counts each of its news once', async () => {
    const task = await recorder.record(request('in order'));
    const results = await Promise.all([
      recorder.recordOutcome(task.uuid, { state: 'unknown' }),
      recorder.recordOutcome(task.uuid, { state: 'processing', lookAgainAt: Date.now() + 60_000 }),
      recorder.recordOutcome(task.uuid, { state: 'unknown' }),
      recorder.recordOutcome(task.uuid, { state: 'success' }),
      recorder.recordOutcome(task.uuid, { state: 'failure', fault: { code: 500, message: 'late' } }),
    ]);
    expect(results).toEqual([true, true, false, true, false]);
  });

  it('tells of each settled task by itself, when some of a group had moved on', async () => {
    const tasks = await Promise.all(tags('news', 30).map((tag) => recorder.record(request(tag))));
    await Promise.all(
      tasks
        .filter((_, n) => n % 3 === 0)
        .map(({ uuid }) => recorder.recordOutcome(uuid, { state: 'success' })),
    );
    const late = await Promise.all(
      tasks.map(({ uuid }) => recorder.recordOutcome(uuid, { state: 'processing', lookAgainAt: 1e15 })),
    );
    expect(late).toEqual(tasks.map((_, n) => n % 3 !== 0));
  });

  it('refuses what comes when ten thousand wait, with a time to try again, and records the others', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 10_300 }, () => recorder.record(request(null))),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.length).toBeGreaterThanOrEqual(300);
    expect(refused.length).toBeLessThan(1000);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(RecorderBusyError);
    const [row] = await source.query<{ n: unknown }[]>('SELECT COUNT(*) AS n FROM tasks WHERE tag IS NULL');
    expect(Number(row?.n)).toBe(results.length - refused.length);
  });

  it('writes all that waits before the server stops', async () => {
    const waiting = tags('stop', 600).map((tag) => recorder.record(request(tag)));
    await test.restart();
    const uuids = (await Promise.all(waiting)).map(({ uuid }) => uuid);
    look();
    const rows = await source
      .getRepository(Task)
      .find({ where: { projectId: 'demo' }, select: { uuid: true } });
    const there = new Set(rows.map(({ uuid }) => uuid));
    expect(uuids.filter((uuid) => !there.has(uuid))).toEqual([]);
  });

  if (testDatabase === 'mariadb') {
    /** Keeps the key of a request locked, as a transaction that does not end would. */
    async function lockKeyOf(tag: string) {
      const task = await recorder.record(request(tag));
      const connection = await createConnection(test.database.url);
      await connection.query('START TRANSACTION');
      await connection.query('SELECT uuid FROM tasks WHERE uuid = ? FOR UPDATE', [uuidBytes(task.uuid)]);
      await connection.query('UPDATE tasks SET duplicate_key = NULL WHERE uuid = ?', [uuidBytes(task.uuid)]);
      return connection;
    }

    it('fails alone a row that the database does not take', async () => {
      const results = await Promise.allSettled(
        tags('long', 50).map((tag, n) =>
          recorder.record(request(tag, n === 20 ? { userId: 'u'.repeat(ID_BYTES + 1) } : {})),
        ),
      );
      const failed = results.flatMap((result, n) =>
        result.status === 'rejected' ? [[n, codeOf(result)]] : [],
      );
      expect(failed).toEqual([[20, 'ER_DATA_TOO_LONG']]);
    });

    it('is not held up for long by a row that somebody keeps locked: the others are written', async () => {
      const holder = await lockKeyOf('locked');
      try {
        const results = await Promise.allSettled(
          ['locked', ...tags('beside', 20)].map((tag) => recorder.record(request(tag))),
        );
        const [locked, ...others] = results;
        expect((locked as PromiseRejectedResult).reason).toBeInstanceOf(RecorderBusyError);
        expect(others.map(({ status }) => status)).toEqual(others.map(() => 'fulfilled'));
      } finally {
        await holder.end();
      }
    });

    it('answers none of a group whose connection is cut in mid-statement, and goes on with the next', async () => {
      const holder = await lockKeyOf('cut');
      try {
        const results = Promise.allSettled(
          ['cut', ...tags('cut-too', 20)].map((tag) => recorder.record(request(tag))),
        );
        const id = await until('the statement to wait', async () => {
          const [rows] = await holder.query<RowDataPacket[]>(
            `SELECT id FROM information_schema.processlist
              WHERE db = DATABASE() AND id <> CONNECTION_ID() AND info LIKE '%INSERT INTO _tasks_%'`,
          );
          return rows[0]?.['id'] as number | undefined;
        });
        await holder.query(`KILL ${id}`);
        for (const result of await results) {
          expect(result.status).toBe('rejected');
          expect(codeOf(result as PromiseRejectedResult)).toMatch(
            /PROTOCOL_CONNECTION_LOST|ECONNRESET|ER_CONNECTION_KILLED|EPIPE/,
          );
        }
        const again = await Promise.all(tags('cut-too', 20).map((tag) => recorder.record(request(tag))));
        expect(again).toHaveLength(20);
      } finally {
        await holder.end();
      }
    });

    it('beside another server process: who is first is one, also when both write many in opposite order', async () => {
      const other = new TaskRecorder(
        new TaskStore(
          await new DataSource(await dataSourceOptions(test.database.url, SCHEMA)).initialize(),
          recorder['options'],
          recorder['tracing'],
        ),
        recorder['options'],
        recorder['transactions'],
        recorder['own'],
        recorder['tracing'],
      );
      try {
        for (const round of [1, 2, 3, 4, 5]) {
          const wanted = tags(`both-${round}`, 200);
          const results = await Promise.all(
            [
              ...wanted.map((tag) => recorder.record(request(tag))),
              ...wanted.toReversed().map((tag) => other.record(request(tag))),
            ].map((accepted) =>
              accepted.then(
                () => 'accepted',
                (error: Error) => error.name,
              ),
            ),
          );
          expect(results.filter((result) => result === 'accepted')).toHaveLength(200);
          expect(results.filter((result) => result === 'DuplicateRequestError')).toHaveLength(200);
        }
      } finally {
        await other['store']['dataSource'].destroy();
      }
    });
  }
});
