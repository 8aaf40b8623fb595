import { randomUUID } from 'node:crypto';
import { startApp, type TestApp } from './support/app.js';
import { expectRefused, newServer } from './support/servers.js';

describe('a client that cannot set a header', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp({ TAG_FROM_REQUEST_ID: '1' });
  });
  afterAll(() => test.close());

  it.each([
    ['/v2.1', 'order-1', 'order-1'],
    ['/v3', 'order 2/3', 'order%202%2F3'],
    ['/v2.1/cafe', 'größe', 'gr%C3%B6%C3%9Fe'],
  ])('has its tag in the endpoint …/tag/{tag}%s', async (version, tag, inUrl) => {
    const endpoint = `/tag/${inUrl}${version}`;
    const token = { token: 'alice:cafe' };
    const first = await test.client.post(`${endpoint}/servers`, newServer({ name: tag }), token);
    expect(first.status).toBe(202);
    expect(Buffer.from(String(first.headers['task-tag']), 'latin1').toString()).toBe(tag);
    expect(first.headers['location']).toBe(`${test.client.url}${endpoint}/servers/${first.json.server.id}`);

    const byTag = await test.client.get(`/v3/servers/${inUrl}/tasks`, token);
    expect(byTag.json.tasks).toEqual([expect.objectContaining({ tag, task: 'create' })]);
    // The endpoint is no part of the request: with the header it is the same one.
    const bytes = Buffer.from(tag).toString('latin1');
    expectRefused(await test.client.post('/v3/servers', newServer({ name: tag }), { ...token, tag: bytes }));
    expectRefused(await test.client.post(`${endpoint}/servers`, newServer({ name: tag }), token));
  });

  it('discovers the API below the endpoint, and its links stay there', async () => {
    for (const path of ['/tag/t1/v2.1', '/tag/t1/v2.1/', '/tag/t1/v3']) {
      const { status, json } = await test.client.get(path, { token: null });
      expect({ path, status }).toEqual({ path, status: 200 });
      expect(json.version.links[0].href).toBe(`${test.client.url}/tag/t1/v2.1/`);
    }
    const root = await test.client.get('/tag/t1', { token: null });
    expect(root.json.versions[0].links[0].href).toBe(`${test.client.url}/tag/t1/v2.1/`);

    const token = { token: 'alice:pages' };
    await test.client.post('/tag/t1/v2.1/servers', newServer({ name: 'a' }), token);
    await test.client.post('/tag/t1/v2.1/servers', newServer({ name: 'b' }), token);
    const { json } = await test.client.get('/tag/t1/v2.1/tasks?limit=1', token);
    expect(json.tasks_links[0].href).toMatch(`${test.client.url}/tag/t1/v2.1/tasks?limit=1&marker=`);
  });

  it('is not believed with a tag that is too long', async () => {
    const { status, json } = await test.client.post(`/tag/${'x'.repeat(256)}/v3/servers`, newServer());
    expect(status).toBe(400);
    expect(json.badRequest.message).toMatch(/256 bytes/);
  });

  it('is found by the request id that it sends, when the operator has said so', async () => {
    const id = `req-${randomUUID()}`;
    const call = { token: 'alice:ids', headers: { 'X-OpenStack-Request-ID': id } };
    const first = await test.client.post('/v3/servers', newServer(), call);
    expect(first.headers['task-tag']).toBe(id);
    expectRefused(await test.client.post('/v3/servers', newServer(), call));
    const { json } = await test.client.get(`/v3/servers/${id}/tasks`, { token: 'alice:ids' });
    expect(json.tasks).toEqual([expect.objectContaining({ tag: id })]);
  });

  it('may send a tag in the header all the same, which wins', async () => {
    const call = {
      token: 'alice:both',
      tag: 'in the header',
      headers: { 'X-OpenStack-Request-ID': `req-${randomUUID()}` },
    };
    const answer = await test.client.post('/tag/in-the-url/v3/servers', newServer(), call);
    expect(answer.headers['task-tag']).toBe('in the header');
  });

  it('sends no tag with a request id, unless the operator has said so', async () => {
    await test.restart({});
    const call = { token: 'alice:off', headers: { 'X-OpenStack-Request-ID': `req-${randomUUID()}` } };
    const first = await test.client.post('/v3/servers', newServer(), call);
    expect(first.headers).not.toHaveProperty('task-tag');
    expect((await test.client.post('/v3/servers', newServer(), call)).status).toBe(202);
  });
});
