import { DataSource } from 'typeorm';
import { ComputeService } from '../../src/compute/compute.service.js';
import { TagOwner } from '../../src/tasks/recording/tag-owner.entity.js';
import { TaskSubject } from '../../src/tasks/tables/task-subject.entity.js';
import type { Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { DAY, HOUR, later, left, recorded, sweepAll, tasksIn } from '../support/server/old-tasks.js';
import {
  createServer,
  expectRefused,
  newServer,
  untilEnded,
  untilServer,
} from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';
import { until } from '../support/until.js';

const NOTE = /Tasks are kept for at least 2 days after they have ended\.$/;

let test: TestApp;
afterEach(async () => {
  jest.restoreAllMocks();
  await test.close();
});

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
    await sweepAll(test.app);
    expectRefused(await stop());

    later(test.app, 2 * DAY + 2 * HOUR);
    await sweepAll(test.app);
    expect(await left(test.app, [uuid])).toEqual([]);
    await test.client.post(`/v3/servers/${server}/action`, { 'os-start': null }, { token: call.token });
    await untilServer(test.client, server, ({ status }) => status === 'ACTIVE', call);
    expect((await stop()).status).toBe(202);
  });

  it('gives its answer again until then, and is carried out again after that', async () => {
    const headers = { 'Task-duplicates': 'answer' };
    const again = () =>
      test.client.post(`/v3/servers/${server}/action`, { 'os-stop': null }, { ...call, headers });
    expect((await again()).headers['task-replayed']).toBeUndefined();
    await untilEnded(test.client, 'stop%20it', call);
    later(test.app, 2 * DAY - DAY);
    await sweepAll(test.app);
    const replayed = await again();
    expect([replayed.status, replayed.headers['task-replayed']]).toEqual([202, 'true']);

    later(test.app, DAY + 2 * HOUR);
    await sweepAll(test.app);
    // It is a new request, and Nova's answer to it: the server is stopped already.
    const anew = await again();
    expect([anew.status, anew.headers['task-replayed']]).toEqual([409, undefined]);
    expect(anew.json.conflictingRequest.message).toMatch(/while it is in vm_state stopped/);
  });

  it('is answered 404, and the answer says how far back it knows', async () => {
    await stop();
    const { uuid } = await untilEnded(test.client, 'stop%20it', call);
    later(test.app, 2 * DAY + 2 * HOUR);
    await sweepAll(test.app);
    for (const path of ['servers/stop%20it/tasks', `servers/stop%20it/tasks/${uuid}`, `tasks/${uuid}`]) {
      const { status, json } = await test.client.get(`/v3/${path}`, { token: call.token });
      expect([status, json.itemNotFound.message]).toEqual([404, expect.stringMatching(NOTE)]);
    }
  });

  it('is counted when it leaves', async () => {
    await Promise.all(Array.from({ length: 3 }, () => recorded(test.app, 5 * DAY)));
    await sweepAll(test.app);
    const { text } = await test.client.get('/metrics', { token: null });
    expect(text).toMatch(/^tasktag_tasks_expired_total 3$/m);
  });

  it('leaves by itself when the server runs, and all of them when there are many', async () => {
    await Promise.all(Array.from({ length: 250 }, (_, n) => recorded(test.app, 5 * DAY + n)));
    const young = await recorded(test.app, DAY);
    await test.restart();
    await until(
      'the old ones to leave',
      async () => (await tasksIn(test.app).countBy({ projectId: 'old' })) === 1,
    );
    expect(await left(test.app, [young])).toEqual([young]);
  });

  it('leaves while another one does not: what did not end, or ended lately, stays', async () => {
    const open = { state: 'processing', subject: server, nextLook: Date.now() + 50 * DAY } as const;
    const uuids = [
      await recorded(test.app, 9 * DAY, open),
      await recorded(test.app, 9 * DAY, { lastUpdated: Date.now() - DAY }),
      await recorded(test.app, 8 * DAY),
      await recorded(test.app, 8 * DAY, { state: 'failure' }),
      await recorded(test.app, DAY),
    ];
    await sweepAll(test.app);
    expect(await left(test.app, uuids)).toEqual([uuids[0], uuids[1], uuids[4]]);
  });

  it.each(['unknown', 'pending', 'processing'] as const)(
    'stays while it may tell whose a trace is: one from before it is %s, and its server not known',
    async (state) => {
      const undecided = { state, nextLook: Date.now() + 50 * DAY };
      const [before, open, after] = [
        await recorded(test.app, 9 * DAY),
        await recorded(test.app, 8 * DAY, undecided),
        await recorded(test.app, 7 * DAY),
      ] as const;
      await sweepAll(test.app);
      expect(await left(test.app, [before, open, after])).toEqual([open, after]);
      await tasksIn(test.app).update({ uuid: open }, { state: 'failure', nextLook: null });
      await sweepAll(test.app);
      expect(await left(test.app, [open, after])).toEqual([]);
    },
  );
});

describe('a create', () => {
  const call = { token: 'alice:creates', tag: 'vm' };

  it('stays with its key for as long as its server exists', async () => {
    test = await startApp({ TASK_RETENTION: '2d' });
    const server = await createServer(test.client, {}, call);
    await untilEnded(test.client, call.tag, call);
    later(test.app, 2 * DAY + 2 * HOUR);
    await sweepAll(test.app);
    expectRefused(await test.client.post('/v3/servers', newServer(), call));

    await deleteServer(server, call);
    later(test.app, DAY + HOUR);
    await sweepAll(test.app);
    await sweepAll(test.app);
    expect(await tasksOf(test.client, call, '?task=create')).toEqual([]);
    expect((await test.client.post('/v3/servers', newServer(), call)).status).toBe(202);
  });

  it('of several servers stays for the last of them, and leaves nothing behind', async () => {
    test = await startApp({ TASK_RETENTION: '2d', TAG_REUSE: 'refuse' });
    await createServer(test.client, { min_count: 3 }, call);
    await untilEnded(test.client, call.tag, call);
    const { json } = await test.client.get('/v3/servers', call);
    const [last, ...others] = json.servers.map(({ id }: { id: string }) => id) as [string, ...string[]];
    expect(others).toHaveLength(2);
    for (const id of others) await deleteServer(id, call);
    later(test.app, 2 * DAY + 2 * HOUR);
    await sweepAll(test.app);
    expectRefused(await test.client.post('/v3/servers', newServer({ min_count: 3 }), call));

    await deleteServer(last, call);
    later(test.app, DAY + HOUR);
    await sweepAll(test.app);
    await sweepAll(test.app);
    expect(await test.app.get(DataSource).getRepository(TaskSubject).count()).toBe(0);
    expect(await test.app.get(DataSource).getRepository(TagOwner).count()).toBe(0);
    expect((await test.client.post('/v3/servers', newServer({ name: 'another' }), call)).status).toBe(202);
  });

  it('leaves by its age alone when it was rejected, or made no server that is known', async () => {
    test = await startApp({ TASK_RETENTION: '2d' });
    const uuid = await recorded(test.app, 5 * DAY, { task: 'create', state: 'failure' });
    await sweepAll(test.app);
    expect(await left(test.app, [uuid])).toEqual([]);
  });

  it('that stays holds up no other task, and is asked about once a day', async () => {
    test = await startApp({ TASK_RETENTION: '2d' });
    const asked = jest.spyOn(test.app.get(ComputeService), 'existingServers');
    asked.mockImplementation((ids) => Promise.resolve(new Set(ids)));
    const creates = await Promise.all(
      Array.from({ length: 250 }, (_, n) =>
        recorded(test.app, 9 * DAY, { task: 'create', subject: `server ${n}` }),
      ),
    );
    const younger = await recorded(test.app, 8 * DAY);
    await sweepAll(test.app);
    expect(await left(test.app, [...creates, younger])).toHaveLength(250);
    const servers = () => asked.mock.calls.flatMap(([ids]) => ids);
    expect(new Set(servers()).size).toBe(250);

    asked.mockClear();
    const [expiredLater] = [await recorded(test.app, 2 * DAY)];
    later(test.app, 2 * HOUR);
    await sweepAll(test.app);
    expect(await left(test.app, [expiredLater])).toEqual([]);
    expect(servers()).toEqual([]);

    later(test.app, DAY);
    await sweepAll(test.app);
    await sweepAll(test.app);
    expect(new Set(servers()).size).toBe(250);
  });
});

describe('without TASK_RETENTION', () => {
  it('tasks are kept for ever, and 404 means what it always means', async () => {
    test = await startApp();
    const uuid = await recorded(test.app, 5000 * DAY);
    await sweepAll(test.app);
    expect(await left(test.app, [uuid])).toEqual([uuid]);
    const { json } = await test.client.get('/v3/servers/nobody/tasks');
    expect(json.itemNotFound.message).toBe('No server or tag nobody could be found.');
  });
});
