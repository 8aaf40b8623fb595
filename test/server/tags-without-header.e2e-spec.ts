import { randomUUID } from 'node:crypto';
import { startApp, type TestApp } from '../support/server/app.js';
import { expectRefused, newServer } from '../support/server/servers.js';

describe('a client that cannot set a header', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp({ TAG_FROM_REQUEST_ID: '1' });
  });
  afterAll(() => test.close());

  it.each([
    ['/v2.1', 'order-1', 'order-1'],
    ['/v3', 'order 2%3', 'order%202%253'],
    ['/v2.1/cafe', 'größe', 'gr%C3%B6%C3%9Fe'],
  ])('has its tag in the endpoint …/tag/{tag}%s', async (version, tag, inUrl) => {
    await expectTagged(`/tag/${inUrl}${version}`, tag, inUrl);
  });

  it.each([
    ['/v2.1', 'order 2/3', 'order%202%2F3'],
    ['/v3', '..', null],
    ['/v2.1/cafe', '.', null],
    ['/v3', '/', '%2F'],
    ['/v3', 'größe~~', 'gr%C3%B6%C3%9Fe~~'],
    ['/v3', 't'.repeat(255), 't'.repeat(255)],
  ])('or in base64url, which no proxy changes: …/tag64/{tag}%s of %s', async (version, tag, inUrl) => {
    await expectTagged(`/tag64/${Buffer.from(tag).toString('base64url')}${version}`, tag, inUrl);
  });

  /** @param inUrl how the tag stands in the path of a look-up; `null` for one that no path can hold */
  async function expectTagged(endpoint: string, tag: string, inUrl: string | null) {
    const token = { token: 'alice:cafe' };
    const first = await test.client.post(`${endpoint}/servers`, newServer({ name: tag }), token);
    expect(first.status).toBe(202);
    expect(Buffer.from(String(first.headers['task-tag']), 'latin1').toString()).toBe(tag);
    expect(first.headers['location']).toBe(`${test.client.url}${endpoint}/servers/${first.json.server.id}`);

    const asked = [`/v3/tasks?tag=${encodeURIComponent(tag)}`];
    if (inUrl !== null) asked.push(`/v3/servers/${inUrl}/tasks`);
    for (const path of asked) {
      const byTag = await test.client.get(path, token);
      expect(byTag.json.tasks).toEqual([expect.objectContaining({ tag, task: 'create' })]);
    }
    // The endpoint is no part of the request: with the header it is the same one.
    const bytes = Buffer.from(tag).toString('latin1');
    expectRefused(await test.client.post('/v3/servers', newServer({ name: tag }), { ...token, tag: bytes }));
    expectRefused(await test.client.post(`${endpoint}/servers`, newServer({ name: tag }), token));
    const { json } = await test.client.get(endpoint.replace('/cafe', ''), { token: null });
    expect(json.version.links[0].href).toBe(`${test.client.url}${endpoint.replace(/\/v.*/, '')}/v2.1/`);
  }

  it.each([
    ['/tag/..', 'Li4'],
    ['/tag/%2e.', 'Li4'],
    ['/tag/%2E', 'Lg'],
    ['/tag/job%2f', 'am9iLw'],
    ['/tag/%FC%2F', '_C8'],
  ])(
    'is told at once, whatever it asks for, when a proxy could change its tag: %s',
    async (endpoint, safe) => {
      for (const [method, path] of [
        ['POST', '/v2.1/servers'],
        ['GET', '/v2.1'],
        ['GET', '/v3/tasks'],
      ] as const) {
        const call = { token: 'alice:unsafe', ...(method === 'POST' && { body: newServer() }) };
        const { status, json } = await test.client.call(method, `${endpoint}${path}`, call);
        expect(status).toBe(400);
        expect(json.badRequest.message).toContain(`Use /tag64/${safe} instead of ${endpoint}, or`);
      }
      expect((await test.client.get('/v3/tasks', { token: 'alice:unsafe' })).json.tasks).toEqual([]);
    },
  );

  it.each(['am9iLw==', 'am9iLx', 'a', 'am9i.w', 'am+iLw', 'v2.1'])(
    'is told when what should be base64url is not: /tag64/%s',
    async (text) => {
      const { status, json } = await test.client.post(`/tag64/${text}/v2.1/servers`, newServer());
      expect([status, json.badRequest.message]).toEqual([400, expect.stringContaining('base64url')]);
    },
  );

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

  it('is not believed with a tag that is too long, or that no answer could echo', async () => {
    const control = await test.client.post('/tag64/YQE/v3/servers', newServer());
    expect([control.status, control.json.badRequest.message]).toEqual([
      400,
      expect.stringContaining('control'),
    ]);
    const { status, json } = await test.client.post(`/tag/${'x'.repeat(256)}/v3/servers`, newServer());
    expect(status).toBe(400);
    expect(json.badRequest.message).toMatch(/256 bytes/);
  });

  it('is found by the request id that it sends, when the operator has said so', async () => {
    const id = `req-${randomUUID()}`;
    const call = { token: 'alice:ids', headers: { 'X-OpenStack-Request-ID': id } };
    const first = await test.client.post('/v3/servers', newServer(), call);
    expect(first.headers['task-tag']).toBe(id);
    // An older name of TAG_FROM=request-id.
    expect((await test.client.post('/v3/servers', newServer(), call)).status).toBe(202);
    const { json } = await test.client.get(`/v3/servers/${id}/tasks`, { token: 'alice:ids' });
    expect(json.tasks).toEqual(Array(2).fill(expect.objectContaining({ tag: id })));
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
