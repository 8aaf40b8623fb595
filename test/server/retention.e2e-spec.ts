import type { INestApplicationContext } from '@nestjs/common';
import { DataSource, type Logger } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { createApp } from '../../src/app.setup.js';
import { ComputeService } from '../../src/compute/compute.service.js';
import { loadSettings } from '../../src/config/load-settings.js';
import { TagOwner } from '../../src/tasks/recording/tag-owner.entity.js';
import { oldestTracedQuery, oldTasksQuery } from '../../src/tasks/retention/expired-tasks.js';
import { Retention } from '../../src/tasks/retention/retention.js';
import { TaskSubject } from '../../src/tasks/tables/task-subject.entity.js';
import { Task } from '../../src/tasks/task.entity.js';
import { TASKS_OPTIONS, type TasksOptions } from '../../src/tasks/tasks.options.js';
import type { Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import {
  createServer,
  expectRefused,
  newServer,
  untilEnded,
  untilServer,
} from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';
import { until } from '../support/until.js';

declare const testDatabase: string;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOTE = /Tasks are kept for at least 2 days after they have ended\.$/;

let test: TestApp;
afterEach(async () => {
  jest.restoreAllMocks();
  await test.close();
});

const source = () => test.app.get(DataSource);
const tasks = () => source().getRepository(Task);

/** Sets the clock of tasks ahead; what has been recorded is that much older then. */
function later(ms: number): void {
  const options = test.app.get<TasksOptions>(TASKS_OPTIONS);
  const before = options.now();
  const start = Date.now();
  options.now = () => before + ms + Date.now() - start;
}

/** Looks at all old tasks, as the server does by and by. */
async function sweepAll(app: INestApplicationContext = test.app): Promise<void> {
  const retention = app.get(Retention);
  while (await retention.sweep());
}

/** Writes a task of a time ago, as it stands now. */
async function recorded(ageMs: number, changes: Partial<Task> = {}): Promise<string> {
  const at = Date.now() - ageMs;
  const uuid = uuidv7({ msecs: at });
  const row: Task = {
    uuid,
    projectId: 'old',
    userId: 'alice',
    tag: null,
    duplicateKey: null,
    task: 'reboot',
    state: 'success',
    subject: null,
    resource: null,
    requestId: null,
    globalRequestId: null,
    faultCode: null,
    faultMessage: null,
    resolved: null,
    startTime: at,
    lastUpdated: at,
    nextLook: null,
    sameTransaction: false,
    process: null,
    ...changes,
  };
  await tasks().insert(row);
  return uuid;
}

/** Those of some tasks that are there, in the order in which they are given. */
async function left(uuids: string[]): Promise<string[]> {
  const found = new Set((await tasks().find({ select: { uuid: true } })).map(({ uuid }) => uuid));
  return uuids.filter((uuid) => found.has(uuid));
}

async function deleteServer(id: string, call: Call): Promise<void> {
  expect((await test.client.delete(`/v3/servers/${id}`, { token: call.token })).status).toBe(204);
  await until('the server to be gone', async () => {
    const { status } = await test.client.get(`/v3/servers/${id}`, { token: call.token });
    return status === 404;
  });
}

describe('a task that ended longer ago than TASK_RETENTION', () => {
  const call = { token: 'alice:kept', tag: 'stop it' };
  let server: string;
  beforeEach(async () => {
    test = await startApp({ TASK_RETENTION: '2d' });
    server = await createServer(test.client, {}, { token: call.token });
  });

  const stop = () => test.client.post(`/v3/servers/${server}/action`, { 'os-stop': null }, call);

  it('is forgotten with its key: the same request is carried out again', async () => {
    expect((await stop()).status).toBe(202);
    const { uuid } = await untilEnded(test.client, 'stop%20it', call);
    await sweepAll();
    expectRefused(await stop());

    later(2 * DAY + 2 * HOUR);
    await sweepAll();
    expect(await left([uuid])).toEqual([]);
    await test.client.post(`/v3/servers/${server}/action`, { 'os-start': null }, { token: call.token });
    await untilServer(test.client, server, ({ status }) => status === 'ACTIVE', call);
    expect((await stop()).status).toBe(202);
  });

  it('is answered 404, and the answer says how far back it knows', async () => {
    await stop();
    const { uuid } = await untilEnded(test.client, 'stop%20it', call);
    later(2 * DAY + 2 * HOUR);
    await sweepAll();
    for (const path of ['servers/stop%20it/tasks', `servers/stop%20it/tasks/${uuid}`, `tasks/${uuid}`]) {
      const { status, json } = await test.client.get(`/v3/${path}`, { token: call.token });
      expect([status, json.itemNotFound.message]).toEqual([404, expect.stringMatching(NOTE)]);
    }
  });

  it('is counted when it leaves', async () => {
    await Promise.all(Array.from({ length: 3 }, () => recorded(5 * DAY)));
    await sweepAll();
    const { text } = await test.client.get('/metrics', { token: null });
    expect(text).toMatch(/^tasktag_tasks_expired_total 3$/m);
  });

  it('leaves by itself when the server runs, and all of them when there are many', async () => {
    await Promise.all(Array.from({ length: 250 }, (_, n) => recorded(5 * DAY + n)));
    const young = await recorded(DAY);
    await test.restart();
    await until('the old ones to leave', async () => (await tasks().countBy({ projectId: 'old' })) === 1);
    expect(await left([young])).toEqual([young]);
  });

  it('leaves while another one does not: what did not end, or ended lately, stays', async () => {
    const open = { state: 'processing', subject: server, nextLook: Date.now() + 50 * DAY } as const;
    const uuids = [
      await recorded(9 * DAY, open),
      await recorded(9 * DAY, { lastUpdated: Date.now() - DAY }),
      await recorded(8 * DAY),
      await recorded(8 * DAY, { state: 'failure' }),
      await recorded(DAY),
    ];
    await sweepAll();
    expect(await left(uuids)).toEqual([uuids[0], uuids[1], uuids[4]]);
  });

  it.each(['unknown', 'pending', 'processing'] as const)(
    'stays while it may tell whose a trace is: one from before it is %s, and its server not known',
    async (state) => {
      const undecided = { state, nextLook: Date.now() + 50 * DAY };
      const [before, open, after] = [
        await recorded(9 * DAY),
        await recorded(8 * DAY, undecided),
        await recorded(7 * DAY),
      ] as const;
      await sweepAll();
      expect(await left([before, open, after])).toEqual([open, after]);
      await tasks().update({ uuid: open }, { state: 'failure', nextLook: null });
      await sweepAll();
      expect(await left([open, after])).toEqual([]);
    },
  );
});

describe('a create', () => {
  const call = { token: 'alice:creates', tag: 'vm' };

  it('stays with its key for as long as its server exists', async () => {
    test = await startApp({ TASK_RETENTION: '2d' });
    const server = await createServer(test.client, {}, call);
    later(2 * DAY + 2 * HOUR);
    await sweepAll();
    expectRefused(await test.client.post('/v3/servers', newServer(), call));

    await deleteServer(server, call);
    later(DAY + HOUR);
    await sweepAll();
    await sweepAll();
    expect(await tasksOf(test.client, call, '?task=create')).toEqual([]);
    expect((await test.client.post('/v3/servers', newServer(), call)).status).toBe(202);
  });

  it('of several servers stays for the last of them, and leaves nothing behind', async () => {
    test = await startApp({ TASK_RETENTION: '2d', TAG_REUSE: 'refuse' });
    await createServer(test.client, { min_count: 3 }, call);
    const { json } = await test.client.get('/v3/servers', call);
    const [last, ...others] = json.servers.map(({ id }: { id: string }) => id) as [string, ...string[]];
    expect(others).toHaveLength(2);
    for (const id of others) await deleteServer(id, call);
    later(2 * DAY + 2 * HOUR);
    await sweepAll();
    expectRefused(await test.client.post('/v3/servers', newServer({ min_count: 3 }), call));

    await deleteServer(last, call);
    later(DAY + HOUR);
    await sweepAll();
    await sweepAll();
    expect(await source().getRepository(TaskSubject).count()).toBe(0);
    expect(await source().getRepository(TagOwner).count()).toBe(0);
    expect((await test.client.post('/v3/servers', newServer({ name: 'another' }), call)).status).toBe(202);
  });

  it('leaves by its age alone when it was rejected, or made no server that is known', async () => {
    test = await startApp({ TASK_RETENTION: '2d' });
    const uuid = await recorded(5 * DAY, { task: 'create', state: 'failure' });
    await sweepAll();
    expect(await left([uuid])).toEqual([]);
  });

  it('that stays holds up no other task, and is asked about once a day', async () => {
    test = await startApp({ TASK_RETENTION: '2d' });
    const asked = jest.spyOn(test.app.get(ComputeService), 'existingServers');
    asked.mockImplementation((ids) => Promise.resolve(new Set(ids)));
    const creates = await Promise.all(
      Array.from({ length: 250 }, (_, n) => recorded(9 * DAY, { task: 'create', subject: `server ${n}` })),
    );
    const younger = await recorded(8 * DAY);
    await sweepAll();
    expect(await left([...creates, younger])).toHaveLength(250);
    const servers = () => asked.mock.calls.flatMap(([ids]) => ids);
    expect(new Set(servers()).size).toBe(250);

    asked.mockClear();
    const [expiredLater] = [await recorded(2 * DAY)];
    later(2 * HOUR);
    await sweepAll();
    expect(await left([expiredLater])).toEqual([]);
    expect(servers()).toEqual([]);

    later(DAY);
    await sweepAll();
    await sweepAll();
    expect(new Set(servers()).size).toBe(250);
  });
});

describe('without TASK_RETENTION', () => {
  it('tasks are kept for ever, and 404 means what it always means', async () => {
    test = await startApp();
    const uuid = await recorded(5000 * DAY);
    await sweepAll();
    expect(await left([uuid])).toEqual([uuid]);
    const { json } = await test.client.get('/v3/servers/nobody/tasks');
    expect(json.itemNotFound.message).toBe('No server or tag nobody could be found.');
  });
});

describe('dropping', () => {
  it('costs a few statements for a hundred tasks, and reads no others', async () => {
    test = await startApp({ TASK_RETENTION: '2d' });
    const uuids: string[] = [];
    const rows = Array.from({ length: 3000 }, (_, n) => {
      const at = Date.now() - 9 * DAY + n;
      const uuid = uuidv7({ msecs: at });
      uuids.push(uuid);
      return `('${uuid}', 'old', 'alice', 'reboot', 'success', ${at}, ${at})`;
    });
    await source().query(
      `INSERT INTO tasks (uuid, project_id, user_id, task, state, start_time, last_updated)
         VALUES ${rows.join(', ')}`,
    );
    if (testDatabase === 'mariadb') await source().query('ANALYZE TABLE tasks');

    const plans = await Promise.all(
      [
        oldTasksQuery(source(), uuids[99] as string, Date.now() - 9 * DAY + 1000, 100),
        oldestTracedQuery(source()),
        tasks().createQueryBuilder().delete().whereInIds(uuids.slice(0, 100)),
      ].map((query) => planOf(...query.getQueryAndParameters())),
    );
    expect(plans).toEqual(
      testDatabase === 'mariadb'
        ? [
            expect.objectContaining({ type: 'range', key: 'PRIMARY' }),
            expect.objectContaining({ type: 'range', key: 'tasks_by_next_look' }),
            expect.objectContaining({ type: 'range', key: 'PRIMARY' }),
          ]
        : [
            expect.stringMatching(
              /^SEARCH task USING INDEX sqlite_autoindex_tasks_1 \(uuid>\? AND uuid<\?\)$/,
            ),
            expect.stringMatching(/^SEARCH task USING INDEX tasks_by_next_look \(next_look>\?\)$/),
            expect.stringMatching(/^SEARCH tasks USING INDEX sqlite_autoindex_tasks_1 \(uuid=\?\)$/),
          ],
    );

    const sent: string[] = [];
    source().logger.logQuery = ((sql) => void sent.push(sql)) satisfies Logger['logQuery'];
    expect(await test.app.get(Retention).sweep()).toBe(true);
    // The statements of SQLite's transactions go past TypeORM.
    const own = sent.filter((sql) => /tasks|task_subjects|tag_owners/.test(sql) && !/next_look <=/.test(sql));
    expect(own).toHaveLength(testDatabase === 'mariadb' ? 6 : 3);
    expect(await tasks().countBy({ projectId: 'old' })).toBe(2900);
  });

  async function planOf(sql: string, parameters: unknown[]): Promise<unknown> {
    if (testDatabase === 'mariadb') return (await source().query(`EXPLAIN ${sql}`, parameters))[0];
    const plan: { detail: string }[] = await source().query(`EXPLAIN QUERY PLAN ${sql}`, parameters);
    return plan.map(({ detail }) => detail).join('; ');
  }

  it('goes on when the compute service or the database fails meanwhile', async () => {
    test = await startApp({ TASK_RETENTION: '2d' });
    const uuid = await recorded(9 * DAY, { task: 'create', subject: 'some server' });
    const asked = jest.spyOn(test.app.get(ComputeService), 'existingServers');
    // Also for the sweep that the server makes by itself when it starts.
    asked.mockRejectedValue(new Error('it fails'));
    const retention = test.app.get(Retention);
    await expect(retention.sweep()).rejects.toThrow('it fails');
    expect(await left([uuid])).toEqual([uuid]);
    asked.mockRestore();
    await sweepAll();
    expect(await left([uuid])).toEqual([]);
  });

  // Several processes need a database server.
  if (testDatabase === 'mariadb') {
    it('is done once, however many processes do it at the same time', async () => {
      test = await startApp({ TASK_RETENTION: '2d' });
      const settings = { PORT: '0', LOG_LEVEL: 'silent', DATABASE_URL: test.database.url };
      const others = await Promise.all(
        [1, 2].map(() => createApp(loadSettings({ ...settings, TASK_RETENTION: '2d' }))),
      );
      try {
        await Promise.all(Array.from({ length: 1000 }, (_, n) => recorded(9 * DAY + n)));
        const apps = [test.app, ...others];
        await Promise.all(apps.map((app) => sweepAll(app)));
        expect(await tasks().countBy({ projectId: 'old' })).toBe(0);
        const counts = await Promise.all(apps.map((app) => dropped(app)));
        expect(counts.reduce((sum, count) => sum + count)).toBe(1000);
      } finally {
        await Promise.all(others.map((app) => app.close()));
      }
    });
  }
});

/** How many tasks a server has dropped by its own account. */
async function dropped(app: INestApplicationContext): Promise<number> {
  const { Registry } = await import('prom-client');
  const metric = await app.get(Registry).getSingleMetric('tasktag_tasks_expired_total')?.get();
  return metric?.values[0]?.value ?? 0;
}
