import type { Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { createServer, untilEnded } from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';
import { until } from '../support/until.js';

describe('servers', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  const get = async (path: string, call: Call) => (await test.client.get(path, call)).json;
  const untilGone = (id: string, call: Call) =>
    until(`${id} to be gone`, async () => (await test.client.get(`/v3/servers/${id}`, call)).status === 404);

  describe('have a history as instance actions', () => {
    const call = { token: 'alice:history' };
    let id: string;
    let history: any[];
    beforeAll(async () => {
      id = await createServer(test.client, {}, call);
      await test.client.post(`/v3/servers/${id}/action`, { 'os-stop': null }, { ...call, tag: 'stop' });
      await untilEnded(test.client, 'stop', call);
      history = (await get(`/v3/servers/${id}/os-instance-actions`, call)).instanceActions;
    });

    it('newest first, with the request ids of the answers', async () => {
      const tasks = await tasksOf(test.client, call);
      expect(history).toEqual(
        tasks.map(({ task, request_id }) => ({
          action: task,
          instance_uuid: id,
          message: null,
          project_id: 'history',
          request_id,
          start_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/),
          user_id: 'alice',
        })),
      );
      expect(history.map(({ action }) => action)).toEqual(['stop', 'create']);
    });

    it('for administrators, too, whatever their project', async () => {
      const path = `/v3/servers/${id}/os-instance-actions`;
      expect((await get(path, { token: 'admin:other' })).instanceActions).toEqual(history);
      expect((await test.client.get(path, { token: 'mallory:other' })).status).toBe(404);
    });

    it('each with its events, for everybody from 2.51 on', async () => {
      const path = `/v3/servers/${id}/os-instance-actions/${history[0].request_id}`;
      expect((await get(path, call)).instanceAction).toEqual(history[0]);
      const { instanceAction } = await get(path, { ...call, version: '2.51' });
      expect(instanceAction.events).toEqual([
        expect.objectContaining({ event: 'compute_stop_instance', result: 'Success' }),
      ]);
      const unknown = 'req-11111111-2222-4333-8444-555555555555';
      const { itemNotFound } = await get(`/v3/servers/${id}/os-instance-actions/${unknown}`, call);
      expect(itemNotFound.message).toBe(`Action ${unknown} not found`);
    });

    it('page by page from 2.58 on', async () => {
      const path = `/v3/servers/${id}/os-instance-actions`;
      const paged = { ...call, version: '2.58' };
      const first = await get(`${path}?limit=1`, paged);
      expect(first.instanceActions).toEqual([{ ...history[0], updated_at: expect.any(String) }]);
      const next = await get(first.links[0].href.slice(test.client.url.length), paged);
      expect(next.instanceActions.map(({ action }: any) => action)).toEqual(['create']);
      expect(next).not.toHaveProperty('links');
      const late = await get(`${path}?changes-since=2099-01-01T00:00:00Z`, paged);
      expect(late.instanceActions).toEqual([]);
      for (const query of ['limit=x', 'limit=-1', 'marker=x', 'changes-since=x']) {
        const { status } = await test.client.get(`${path}?${query}`, paged);
        expect([query, status]).toEqual([query, 400]);
      }
    });

    it('also of a deleted one, from 2.21 on', async () => {
      await test.client.delete(`/v3/servers/${id}`, call);
      await untilGone(id, call);
      const path = `/v3/servers/${id}/os-instance-actions`;
      expect((await test.client.get(path, { ...call, version: '2.20' })).status).toBe(404);
      const { instanceActions } = await get(path, { ...call, version: '2.21' });
      expect(instanceActions.map(({ action }: any) => action)).toEqual(['delete', 'stop', 'create']);
    });
  });
});
