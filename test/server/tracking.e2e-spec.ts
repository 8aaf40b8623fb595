import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ComputeService } from '../../src/compute/compute.service.js';
import type { ComputeRequest } from '../../src/compute/compute.service.js';
import { TaskRecorder } from '../../src/tasks/recording/task.recorder.js';
import { Task } from '../../src/tasks/task.entity.js';
import { createDatabase } from '../support/database/database.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { AN_HOUR, ending } from '../support/server/operations.js';
import { ServerProcess } from '../support/server/server-process.js';
import {
  AFTER_A_LEASE_MS,
  countServers,
  createServer,
  expectRefused,
  newServer,
  untilEnded,
} from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';
import { taskRow } from '../support/task-row.js';
import { until } from '../support/until.js';

declare const testDatabase: string;

const CALL = { token: 'alice:track', tag: 'tracked' };

describe('an accepted request', () => {
  it('goes on after a restart', async () => {
    const test = await startApp({ EMBEDDED_TASK_MS: AN_HOUR });
    try {
      const { json } = await test.client.post('/v3/servers', newServer(), CALL);
      await test.restart();
      const [open] = await tasksOf(test.client, CALL);
      expect(open).toMatchObject({ state: 'processing', resource: { server: json.server.id } });
      expectRefused(await test.client.post('/v3/servers', newServer(), CALL));
      expect(await ending(test, untilEnded(test.client, 'tracked', CALL))).toMatchObject({
        uuid: open.uuid,
        state: 'success',
      });
      expect((await test.client.get('/v3/servers/tracked', CALL)).json.server.status).toBe('ACTIVE');
    } finally {
      await test.close();
    }
  });

  it('goes on after a kill, and ends even when its time passed meanwhile', async () => {
    const database = await createDatabase();
    const settings = { DATABASE_URL: database.url, EMBEDDED_TASK_MS: '300' };
    try {
      const first = await ServerProcess.start(settings);
      const { json } = await first.client.post('/v3/servers', newServer(), CALL);
      await first.kill();
      const second = await ServerProcess.start(settings);
      try {
        const task = await untilEnded(second.client, 'tracked', CALL, AFTER_A_LEASE_MS);
        expect(task).toMatchObject({ state: 'success', resource: { server: json.server.id } });
        expect(await countServers(second.client, CALL)).toBe(1);
      } finally {
        await second.stop();
      }
    } finally {
      await database.drop();
    }
  }, 90_000);
});

describe('a request of which a crash left the record only', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  const database = () => test.app.get(DataSource);

  /** Makes the record of a request that was never carried out, as old as it takes to be looked at. */
  async function leaveBehind(changes: Partial<Task>): Promise<string> {
    const uuid = uuidv7();
    const now = Date.now();
    const row = taskRow({
      uuid,
      projectId: 'left',
      userId: 'alice',
      tag: `left ${uuid}`,
      duplicateKey: uuid.replaceAll('-', ''),
      requestId: 'req-11111111-2222-4333-8444-555555555555',
      startTime: now - 60_000,
      lastUpdated: now - 60_000,
      nextLook: now - 1,
      ...changes,
    });
    await database().getRepository(Task).insert(row);
    return uuid;
  }

  const call = { token: 'alice:left' };
  const show = async (uuid: string) => (await test.client.get(`/v3/tasks/${uuid}`, call)).json.task;
  const untilFailed = (uuid: string) =>
    until('the failure', async () => {
      const task = await show(uuid);
      return task.state === 'failure' && task;
    });

  it.each(['pending', 'unknown'] as const)(
    'is found out about when %s: not accepted, and free',
    async (state) => {
      const uuid = await leaveBehind({ state });
      expect(await untilFailed(uuid)).toMatchObject({
        fault: { code: 408, message: expect.stringMatching(/was not accepted.*sent again/) },
        resource: {},
      });
      const row = await database().getRepository(Task).findOneByOrFail({ uuid });
      expect(row).toMatchObject({ duplicateKey: null, nextLook: null });
    },
  );

  it('is unknown first: nobody guesses', async () => {
    const seen: string[] = [];
    const news = test.app.get(TaskRecorder).settled.subscribe(({ state }) => seen.push(state));
    try {
      await untilFailed(await leaveBehind({}));
      expect(seen).toEqual(['unknown', 'rejected']);
    } finally {
      news.unsubscribe();
    }
  });

  it('can no longer be accepted when it was told that it was not', async () => {
    const uuid = await leaveBehind({});
    await untilFailed(uuid);
    const late = {
      taskUuid: uuid,
      task: 'create',
      caller: { userId: 'alice', projectId: 'left', roles: ['member'], isAdmin: false },
      microversion: 1,
      serverId: null,
      subresourceId: null,
      body: newServer(),
      http: { originalUrl: '/v3/servers', protocol: 'http', host: 'x', headers: {} },
    } as unknown as ComputeRequest;
    await expect(test.app.get(ComputeService).submit(late)).rejects.toMatchObject({ status: 503 });
    expect(await countServers(test.client, call)).toBe(0);
    expect(await show(uuid)).toMatchObject({ state: 'failure' });
  });

  it('but was carried out, is settled by what the compute service says', async () => {
    const done = { token: 'alice:done', tag: 'done' };
    const server = await createServer(test.client, {}, done);
    const ended = await untilEnded(test.client, 'done', done);
    await database()
      .getRepository(Task)
      .update({ uuid: ended.uuid }, { state: 'pending', resource: null, nextLook: Date.now() - 1 });
    expect(await untilEnded(test.client, 'done', done)).toMatchObject({
      uuid: ended.uuid,
      state: 'success',
      resource: { server },
    });
    expectRefused(await test.client.post('/v3/servers', newServer(), done));
    expect(await countServers(test.client, done)).toBe(1);
  });

  it('counts as accepted until that is known: the same request is refused', async () => {
    const again = { token: 'alice:again', tag: 'again' };
    await createServer(test.client, {}, again);
    const { uuid } = await untilEnded(test.client, 'again', again);
    const tasks = database().getRepository(Task);
    for (const state of ['pending', 'unknown'] as const) {
      await tasks.update({ uuid }, { state, nextLook: Date.now() + 60_000 });
      const refusal = await test.client.post('/v3/servers', newServer(), again);
      expectRefused(refusal);
      expect(refusal.json.conflictingRequest.task).toMatchObject({ uuid, state });
    }
  });
});

// Several processes need a database server.
if (testDatabase === 'mariadb') {
  describe('of two processes on one database', () => {
    it('one takes over the operations of the other, which was killed', async () => {
      const database = await createDatabase();
      const settings = { DATABASE_URL: database.url, EMBEDDED_TASK_MS: '500' };
      const [one, two] = await Promise.all([ServerProcess.start(settings), ServerProcess.start(settings)]);
      try {
        const tags = Array.from({ length: 10 }, (_, n) => `t${n}`);
        const answers = await Promise.all(
          tags.map((tag) => one.client.post('/v3/servers', newServer(), { ...CALL, tag })),
        );
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
        await one.kill();
        for (const [n, tag] of tags.entries()) {
          expect(await untilEnded(two.client, tag, CALL, AFTER_A_LEASE_MS)).toMatchObject({
            state: 'success',
            resource: { server: answers[n]?.json.server.id },
          });
        }
        expect(await countServers(two.client, CALL)).toBe(tags.length);
      } finally {
        await Promise.all([one.stop(), two.stop()]);
        await database.drop();
      }
    }, 90_000);
  });
}
