import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ComputeService } from '../../src/compute/compute.service.js';
import { Task } from '../../src/tasks/task.entity.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { newServer, untilEnded } from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';
import { until } from '../support/until.js';

const ADMIN = { token: 'admin:ops' };

let test: TestApp;
beforeAll(async () => {
  test = await startApp();
});
afterAll(() => test.close());

const create = (tag: string, token: string, headers = {}) =>
  test.client.post('/v3/servers', newServer(), { token, tag, headers });

describe('GET /tasks?q=', () => {
  it('finds a task by the ids that are in logs: of its request, of its server, and the one that Nova gets', async () => {
    const call = { token: 'alice:logs' };
    const own = 'req-99999999-2222-4333-8444-555555555555';
    await create('logs', call.token, { 'X-OpenStack-Request-ID': own });
    const task = await untilEnded(test.client, 'logs', call);
    for (const text of [own, task.request_id, task.resource.server, `req-${task.uuid}`]) {
      for (const length of [text.length, 12])
        expect((await tasksOf(test.client, call, `?q=${text.slice(0, length)}`))[0]?.uuid).toBe(task.uuid);
    }
    expect(await tasksOf(test.client, { token: 'alice:other' }, `?q=${task.request_id}`)).toEqual([]);
    const all = await tasksOf(test.client, ADMIN, `?q=${task.request_id}&all_tenants=1`);
    expect(all.map(({ uuid }) => uuid)).toEqual([task.uuid]);
  });

  it('of all projects finds what each of them has, for administrators alone', async () => {
    for (const project of ['one', 'two']) await create('everywhere', `alice:${project}`);
    const query = '?q=everyw&all_tenants=1&counts=true';
    const { json } = await test.client.get(`/v3/tasks${query}`, ADMIN);
    expect(json.tasks.map((task: any) => task.project_id)).toEqual(['two', 'one']);
    const counts: Record<string, number> = json.counts;
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(2);
    expect((await tasksOf(test.client, ADMIN, '?tag=everywhere&all_tenants=1')).length).toBe(2);
    expect((await tasksOf(test.client, ADMIN, '?q=everyw')).length).toBe(0);
    expect((await test.client.get(`/v3/tasks${query}`, { token: 'alice:one' })).status).toBe(403);
    const failed = await tasksOf(test.client, ADMIN, '?state=failure&all_tenants=1');
    expect(failed.every(({ state }) => state === 'failure')).toBe(true);
  });

  it.each([
    ['q=', 'q. Value: . It must have 1 to 255 bytes'],
    [`q=${'x'.repeat(256)}`, 'It must have 1 to 255 bytes'],
    ['q=a%00', 'without a NUL'],
    ['since=soon', 'since. Value: soon. It must be a date and time'],
    ['until=2026-99-01T00:00:00Z', 'It must be a date and time'],
    ['since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z', 'It is later than until'],
    ['counts=1', 'It must be true or false'],
  ])('that cannot be meant is refused: %s', async (query, message) => {
    const { status, json } = await test.client.get(`/v3/tasks?${query}`);
    expect([status, json.badRequest.message]).toEqual([400, expect.stringContaining(message)]);
  });
});

describe('POST /tasks/action {"look"}', () => {
  const look = (uuid: string, call: { token: string }) =>
    test.client.post('/v3/tasks/action', { look: { uuid } }, call);
  const repository = () => test.app.get(DataSource).getRepository(Task);

  it('has an open task looked at at once: 202, for whoever may see it', async () => {
    const call = { token: 'alice:look' };
    await create('look', call.token);
    const { uuid } = await untilEnded(test.client, 'look', call);
    const later = Date.now() + 3_600_000;
    await repository().update({ uuid }, { state: 'processing', nextLook: later });
    expect((await look(uuid, { token: 'alice:elsewhere' })).status).toBe(404);
    expect((await repository().findOneByOrFail({ uuid })).nextLook).toBe(later);
    const { status, json } = await look(uuid.toUpperCase(), call);
    expect([status, json.task.uuid]).toEqual([202, uuid]);
    await untilEnded(test.client, 'look', call);
    const ended = await look(uuid, ADMIN);
    expect([ended.status, ended.json.conflictingRequest.message]).toEqual([
      409,
      expect.stringMatching(/has ended/),
    ]);
  });

  it('and the task then says what was found out, and when it is looked at next', async () => {
    const call = { token: 'alice:why' };
    await create('why', call.token);
    const { uuid } = await untilEnded(test.client, 'why', call);
    const next = new Date(Date.now() + 3_600_000).toISOString();
    await repository().update({ uuid }, { state: 'processing', lookedAt: null, nextLook: Date.parse(next) });
    const why = 'The server is being made.';
    const observe = jest.spyOn(test.app.get(ComputeService), 'observe').mockImplementation((tasks) =>
      Promise.resolve(
        tasks.map((task) => ({
          uuid: task.uuid,
          outcome: { state: 'processing', lookAgainAt: Date.parse(next), why },
        })),
      ),
    );
    const shown = async () => (await test.client.get(`/v3/tasks/${uuid}`, call)).json.task.observation;
    expect(await shown()).toBeNull();
    await look(uuid, call);
    await until('the look', async () => (await shown()) !== null);
    expect(await shown()).toEqual({ at: expect.any(String), why, next_at: next });
    observe.mockRestore();
    await look(uuid, call);
    await untilEnded(test.client, 'why', call);
    expect(await shown()).toBeNull();
  });

  it('leaves a request alone that is being carried out', async () => {
    const call = { token: 'alice:busy' };
    await create('busy', call.token);
    const { uuid } = await untilEnded(test.client, 'busy', call);
    const later = Date.now() + 3_600_000;
    await repository().update({ uuid }, { state: 'pending', nextLook: later });
    expect((await look(uuid, call)).status).toBe(202);
    expect((await repository().findOneByOrFail({ uuid })).nextLook).toBe(later);
  });

  it.each([{}, { uuid: 'x' }, { uuid: uuidv7(), tag: 'a' }])(
    'needs a uuid, and nothing else: %j',
    async (body) => {
      const { status } = await test.client.post('/v3/tasks/action', { look: body });
      expect(status).toBe(400);
    },
  );
});
