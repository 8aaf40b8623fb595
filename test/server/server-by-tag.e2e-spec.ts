import { startApp, type TestApp } from '../support/server/app.js';
import { createServer, newServer, untilServer } from '../support/server/servers.js';

describe('a server is looked up by a tag', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  it('whose tasks name exactly one, also those of actions', async () => {
    const call = { token: 'alice:one' };
    const id = await createServer(test.client, {}, { ...call, tag: 'the one' });
    await test.client.post(`/v3/servers/${id}/action`, { 'os-stop': null }, { ...call, tag: 'the one' });
    await untilServer(test.client, id, ({ status }) => status === 'SHUTOFF', call);
    const byTag = await test.client.get('/v3/servers/the%20one', { ...call, version: '2.60' });
    const byId = await test.client.get(`/v3/servers/${id}`, { ...call, version: '2.60' });
    expect(byTag.status).toBe(200);
    expect(byTag.json.server.id).toBe(id);
    expect(Object.keys(byTag.json.server)).toEqual(Object.keys(byId.json.server));
    expect(byTag.headers['task-tag']).toBe('the one');
    expect(byId.headers).not.toHaveProperty('task-tag');
    const head = await test.client.call('HEAD', '/v3/servers/the%20one', call);
    expect([head.status, head.headers['task-tag']]).toEqual([200, 'the one']);
  });

  it('but not when no task names one: 404', async () => {
    const call = { token: 'alice:none', tag: 'refused' };
    expect((await test.client.post('/v3/servers', newServer({ flavorRef: '99' }), call)).status).toBe(400);
    for (const tag of ['refused', 'none']) {
      const { status, json, headers } = await test.client.get(`/v3/servers/${tag}`, call);
      expect([status, json.itemNotFound]).toEqual([
        404,
        { code: 404, message: `Instance ${tag} could not be found.` },
      ]);
      expect(headers).not.toHaveProperty('task-tag');
    }
  });

  it('nor when they name several: 409 with their ids', async () => {
    const call = { token: 'alice:several', tag: 'stack' };
    const ids = await Promise.all(['a', 'b', 'c'].map((name) => createServer(test.client, { name }, call)));
    const { status, json } = await test.client.get('/v3/servers/stack', call);
    expect(status).toBe(409);
    expect(json.conflictingRequest.code).toBe(409);
    expect([...json.conflictingRequest.servers].sort()).toEqual([...ids].sort());
    for (const id of ids) expect(json.conflictingRequest.message).toContain(id);
  });
});
