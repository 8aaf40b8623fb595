import { createConnection } from 'mysql2/promise';
import { setImmediate as turn } from 'node:timers/promises';
import { TaskRecorder } from '../../src/tasks/recording/task.recorder.js';
import { startApp } from '../support/server/app.js';
import { newServer } from '../support/server/servers.js';

declare const testDatabase: 'sqlite' | 'mariadb';

const REQUEST = {
  projectId: 'demo',
  userId: 'alice',
  tag: null,
  description: null,
  task: 'create',
  resource: null,
  requestId: null,
  globalRequestId: null,
};

describe('a server whose database does not keep up', () => {
  if (testDatabase === 'sqlite') {
    it.todo('has no database beside it that could be slow');
    return;
  }

  it('answers 503 and when to try again, once ten thousand requests wait; then goes on as before', async () => {
    const test = await startApp();
    const holder = await createConnection(test.database.url);
    try {
      const recorder = test.app.get(TaskRecorder, { strict: false });
      await holder.query('LOCK TABLES tasks WRITE, task_subjects WRITE');
      const fill = (count: number) =>
        Promise.allSettled(Array.from({ length: count }, () => recorder.record(REQUEST)));
      const waiting = fill(10_000);
      // Once the first ones are on their way there is room for as many.
      await turn();
      const more = fill(1000);
      const refused = await test.client.post('/v3/servers', newServer(), { tag: 'too many' });
      expect(refused.status).toBe(503);
      expect(refused.headers['retry-after']).toBe('1');
      expect(refused.json).toEqual({
        serviceUnavailable: expect.objectContaining({ code: 503 }) as unknown,
      });
      await holder.query('UNLOCK TABLES');
      await more;
      expect((await waiting).filter(({ status }) => status === 'rejected')).toEqual([]);
      expect((await test.client.post('/v3/servers', newServer(), { tag: 'too many' })).status).toBe(202);
    } finally {
      await holder.end();
      await test.close();
    }
  });
});
