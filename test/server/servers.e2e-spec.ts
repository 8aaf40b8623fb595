import type { Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { AN_HOUR, ending } from '../support/server/operations.js';
import { countServers, createServer, newServer, untilEnded, untilServer } from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';
import { until } from '../support/until.js';

const NEW = { version: '2.60' };

describe('servers', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  const get = async (path: string, call: Call) => (await test.client.get(path, call)).json;
  const show = (id: string, call: Call) => get(`/v3/servers/${id}`, call);

  describe('are created', () => {
    it('with the answer of Nova, and shown at once', async () => {
      const call = { token: 'alice:new' };
      const answer = await test.client.post('/v2.1/servers', newServer({ adminPass: 'chosen' }), call);
      const { id } = answer.json.server;
      const self = `${test.client.url}/v2.1/servers/${id}`;
      expect([answer.status, answer.headers['location']]).toEqual([202, self]);
      expect(answer.json).toEqual({
        server: {
          id,
          links: [
            { rel: 'self', href: self },
            { rel: 'bookmark', href: `${test.client.url}/servers/${id}` },
          ],
          'OS-DCF:diskConfig': 'MANUAL',
          security_groups: [{ name: 'default' }],
          adminPass: 'chosen',
        },
      });
      const { server } = await show(id, call);
      expect(server).toMatchObject({ id, name: 'vm1', tenant_id: 'new', user_id: 'alice' });
      await untilServer(test.client, id, ({ status }) => status === 'ACTIVE', call);
    });

    it('several by one request, as one task', async () => {
      const call = { token: 'alice:many', tag: 'many' };
      const { status, json } = await test.client.post(
        '/v3/servers',
        newServer({ name: 'web', min_count: 2, max_count: 3 }),
        call,
      );
      expect(status).toBe(202);
      expect(await untilEnded(test.client, 'many', call)).toMatchObject({
        state: 'success',
        resource: { server: json.server.id },
      });
      const { servers } = await get('/v3/servers/detail?sort_key=display_name&sort_dir=asc', call);
      expect(servers.map(({ name, status: now }: any) => [name, now])).toEqual([
        ['web-1', 'ACTIVE'],
        ['web-2', 'ACTIVE'],
        ['web-3', 'ACTIVE'],
      ]);
      const ids = servers.map(({ id }: { id: string }) => id);
      expect((await show('many', call)).conflictingRequest.servers.sort()).toEqual(ids.sort());
      for (const id of ids) {
        const { tasks } = await get(`/v3/servers/${id}/tasks`, call);
        expect(tasks).toEqual([expect.objectContaining({ task: 'create', tag: 'many' })]);
        const { instanceActions } = await get(`/v3/servers/${id}/os-instance-actions`, call);
        expect(instanceActions).toEqual([
          expect.objectContaining({ action: 'create', request_id: tasks[0].request_id }),
        ]);
      }
    });

    it('with a reservation id in the place of the server, by which they are found', async () => {
      const call = { token: 'alice:reserve', tag: 'reserved' };
      const body = newServer({ min_count: 2, return_reservation_id: true });
      const { status, json, headers } = await test.client.post('/v3/servers', body, call);
      expect(status).toBe(202);
      expect(json).toEqual({ reservation_id: expect.stringMatching(/^r-[0-9a-z]{8}$/) });
      expect(headers).not.toHaveProperty('location');
      const { servers } = await get(`/v3/servers?reservation_id=${json.reservation_id}`, call);
      expect(servers).toHaveLength(2);
      const [task] = await tasksOf(test.client, call);
      expect(servers.map(({ id }: { id: string }) => id)).toContain(task.resource.server);
    });

    it('no more of them than the quota allows', async () => {
      const call = { token: 'alice:greedy' };
      const answer = await test.client.post('/v3/servers', newServer({ min_count: 1000 }), call);
      expect(answer.status).toBe(403);
      expect(answer.json.forbidden.message).toMatch(/^Quota exceeded for instances: Requested 1000, /);
      expect(await countServers(test.client, call)).toBe(0);
    });

    it('with networks only if that is said, from 2.37 on', async () => {
      const call = { token: 'alice:networks', ...NEW };
      const without = await test.client.post('/v3/servers', newServer(), call);
      expect(without.status).toBe(400);
      expect(without.json.badRequest.message).toContain("'networks' is a required property");
      for (const [networks, addresses] of [
        ['auto', 1],
        ['none', 0],
      ] as const) {
        const { server } = await show(await createServer(test.client, { networks }, call), call);
        expect([networks, Object.keys(server.addresses)]).toEqual([
          networks,
          Array(addresses).fill(expect.any(String)),
        ]);
      }
    });
  });

  describe('are deleted', () => {
    it('once: 204, also while they are being deleted, then 404', async () => {
      const call = { token: 'alice:delete' };
      const slow = await startApp({ EMBEDDED_TASK_MS: AN_HOUR });
      try {
        const id = await ending(slow, createServer(slow.client, {}, call));
        const answers = [
          await slow.client.delete(`/v3/servers/${id}`, call),
          await slow.client.delete(`/v3/servers/${id}`, call),
        ];
        expect(answers.map(({ status, text }) => [status, text])).toEqual([
          [204, ''],
          [204, ''],
        ]);
        const during = (await slow.client.get(`/v3/servers/${id}`, call)).json.server;
        expect([during.status, during['OS-EXT-STS:task_state']]).toEqual(['ACTIVE', 'deleting']);
        const isGone = async () => (await slow.client.get(`/v3/servers/${id}`, call)).status === 404;
        await ending(slow, until('it to be gone', isGone));
        expect((await slow.client.delete(`/v3/servers/${id}`, call)).status).toBe(404);
        await until('the tasks to end', async () =>
          (await tasksOf(slow.client, call)).every(({ state }) => state === 'success' || state === 'failure'),
        );
        const tasks = await tasksOf(slow.client, call, '?task=delete');
        expect(tasks.map(({ state, fault }) => [state, fault?.code])).toEqual([
          ['failure', 404],
          ['success', undefined],
          ['success', undefined],
        ]);
      } finally {
        await slow.close();
      }
    });

    it('while they are built: the create ends badly', async () => {
      const slow = await startApp({ EMBEDDED_TASK_MS: '2000' });
      const call = { token: 'alice:early', tag: 'early' };
      try {
        const { json } = await slow.client.post('/v3/servers', newServer(), call);
        const path = `/v3/servers/${json.server.id}`;
        expect((await slow.client.delete(path, { ...call, tag: 'away' })).status).toBe(204);
        expect(await untilEnded(slow.client, 'away', call)).toMatchObject({ state: 'success' });
        expect(await untilEnded(slow.client, 'early', call)).toMatchObject({
          state: 'failure',
          fault: { code: 500, message: expect.stringContaining('deleted') },
        });
        expect((await slow.client.get(path, call)).status).toBe(404);
      } finally {
        await slow.close();
      }
    });
  });

  describe('are changed without a task', () => {
    let id: string;
    const call = { token: 'alice:change', ...NEW };
    beforeAll(async () => {
      id = await createServer(test.client, { metadata: { old: '1' } }, { token: call.token });
    });

    it('in name and description', async () => {
      const path = `/v3/servers/${id}`;
      const { status, json } = await test.client.put(
        path,
        { server: { name: 'näme', description: 'text' } },
        call,
      );
      expect([status, json.server.name, json.server.description]).toEqual([200, 'näme', 'text']);
      expect((await show(id, call)).server.name).toBe('näme');
      const old = await test.client.put(path, { server: { description: 'x' } }, { token: call.token });
      expect(old.status).toBe(400);
    });

    it('in metadata', async () => {
      const path = `/v3/servers/${id}/metadata`;
      const change = async (method: string, rest: string, body?: object) => {
        const { status, json } = await test.client.call(method, path + rest, { ...call, body });
        return [status, json];
      };
      expect(await change('GET', '')).toEqual([200, { metadata: { old: '1' } }]);
      expect(await change('POST', '', { metadata: { new: '2' } })).toEqual([
        200,
        { metadata: { old: '1', new: '2' } },
      ]);
      expect(await change('PUT', '/new', { meta: { new: '3' } })).toEqual([200, { meta: { new: '3' } }]);
      expect(await change('GET', '/new')).toEqual([200, { meta: { new: '3' } }]);
      expect(await change('DELETE', '/old')).toEqual([204, undefined]);
      expect((await change('DELETE', '/old'))[0]).toBe(404);
      expect(await change('PUT', '', { metadata: {} })).toEqual([200, { metadata: {} }]);
      expect((await change('PUT', '', { metadata: { a: 1 } }))[0]).toBe(400);
    });

    it('in tags, from 2.26 on, which are not the tags of tasks', async () => {
      const path = `/v3/servers/${id}/tags`;
      expect((await test.client.get(path, { token: call.token })).status).toBe(404);
      expect((await test.client.put(path, { tags: ['b', 'a'] }, call)).json).toEqual({ tags: ['b', 'a'] });
      const added = await test.client.call('PUT', `${path}/c`, call);
      expect([added.status, added.headers['location']]).toEqual([201, `${test.client.url}${path}/c`]);
      expect((await test.client.call('PUT', `${path}/c`, call)).status).toBe(204);
      expect((await test.client.get(`${path}/c`, call)).status).toBe(204);
      expect((await test.client.delete(`${path}/b`, call)).status).toBe(204);
      expect((await get(path, call)).tags).toEqual(['a', 'c']);
      expect((await get('/v3/servers?tags=a,c', call)).servers).toHaveLength(1);
      expect((await get('/v3/servers?tags=a,x', call)).servers).toHaveLength(0);
      expect((await test.client.get('/v3/servers/a/tasks', call)).status).toBe(404);
      expect((await test.client.delete(path, call)).status).toBe(204);
      expect((await get(path, call)).tags).toEqual([]);
    });

    it('and nothing of it is recorded', async () => {
      expect((await tasksOf(test.client, call)).map(({ task }) => task)).toEqual(['create']);
    });
  });

  it('show with 2.60 what 2.1 does not know', async () => {
    const call = { token: 'alice:versions' };
    const id = await createServer(test.client, {}, call);
    const [old, now] = [(await show(id, call)).server, (await show(id, { ...call, ...NEW })).server];
    expect(old.flavor).toEqual({
      id: '1',
      links: [{ rel: 'bookmark', href: `${test.client.url}/flavors/1` }],
    });
    expect(now.flavor).toMatchObject({ vcpus: 1, ram: 512, disk: 1, original_name: 'm1.tiny' });
    for (const name of ['locked', 'description', 'tags']) {
      expect([name in old, name in now]).toEqual([false, true]);
    }
    for (const server of [old, now]) {
      expect(server.created).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(server['OS-SRV-USG:launched_at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000$/);
      expect(server).not.toHaveProperty('OS-EXT-SRV-ATTR:host');
    }
    const admin = { token: 'admin:other', ...NEW };
    expect((await show(id, admin)).server['OS-EXT-SRV-ATTR:host']).toEqual(expect.any(String));
  });
});
