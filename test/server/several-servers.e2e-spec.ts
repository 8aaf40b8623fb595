import { startApp, type TestApp } from '../support/server/app.js';
import { newServer, untilEnded } from '../support/server/servers.js';

describe('a create of several servers', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  it.each([
    ['the first one’s id', { min_count: 3, max_count: 3 }],
    ['a reservation id', { min_count: 3, max_count: 3, return_reservation_id: true }],
  ])('that is answered with %s is one task, found by its tag and by each server', async (what, more) => {
    const call = { tag: `three ${what}`.replace('’', ''), token: `alice:${what.length}` };
    const tag = encodeURIComponent(call.tag);
    const answer = await test.client.post('/v3/servers', newServer({ name: 'vm', ...more }), call);
    expect(answer.status).toBe(202);
    const task = await untilEnded(test.client, tag, call);
    expect(task.state).toBe('success');

    const { json } = await test.client.get('/v3/servers', call);
    const ids: string[] = json.servers.map(({ id }: { id: string }) => id);
    expect(json.servers.map(({ name }: { name: string }) => name).sort()).toEqual(['vm-1', 'vm-2', 'vm-3']);
    for (const id of ids) {
      const byServer = await test.client.get(`/v3/servers/${id}/tasks`, call);
      expect(byServer.json.tasks).toEqual([task]);
      const query = await test.client.get(`/v3/tasks?server=${id}`, call);
      expect(query.json.tasks).toEqual([task]);
      const actions = await test.client.get(`/v3/servers/${id}/os-instance-actions`, call);
      expect(actions.json.instanceActions).toEqual([
        expect.objectContaining({ action: 'create', instance_uuid: id, request_id: task.request_id }),
      ]);
      const foreign = await test.client.get(`/v3/servers/${id}/tasks`, { token: 'bob:other' });
      expect(foreign.status).toBe(404);
    }

    const byTag = await test.client.get(`/v3/servers/${tag}`, call);
    expect(byTag.status).toBe(409);
    expect([...byTag.json.conflictingRequest.servers].sort()).toEqual([...ids].sort());
  });
});
