import { DataSource } from 'typeorm';
import type { Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { expectError, expectUnauthorized } from '../support/server/keystone-faults.js';

/** What a client sends to get a token. */
function passwordOf(user: object, scope?: unknown): object {
  const identity = { methods: ['password'], password: { user } };
  return { auth: { identity, ...(scope !== undefined && { scope }) } };
}

const ALICE = { name: 'alice', domain: { id: 'default' }, password: 'any' };
const DEMO = { project: { name: 'demo', domain: { id: 'default' } } };
const NOBODY = { token: null };

describe('the identity service of the simulated cloud', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  const get = (path: string, call?: Call) => test.client.get(path, call);
  const post = (path: string, body: unknown, call?: Call) => test.client.post(path, body, call);

  async function issue(scope: unknown = DEMO): Promise<string> {
    const { status, headers } = await post('/identity/v3/auth/tokens', passwordOf(ALICE, scope), NOBODY);
    expect(status).toBe(201);
    return headers['x-subject-token'] as string;
  }

  it.each([
    ['/identity', 300],
    ['/identity/', 300],
    ['/identity/v3', 200],
    ['/identity/v3/', 200],
  ])('tells at %s which version it is, to anybody', async (path, status) => {
    const answer = await get(path, NOBODY);
    expect(answer.status).toBe(status);
    const version = answer.json.version ?? answer.json.versions.values[0];
    expect(version).toMatchObject({
      id: 'v3.14',
      links: [{ rel: 'self', href: `${test.client.url}/identity/v3/` }],
    });
  });

  it('gives a token with a catalogue of the addresses that the client uses', async () => {
    const answer = await post('/identity/v3/auth/tokens', passwordOf(ALICE, DEMO), {
      ...NOBODY,
      headers: { Host: 'cloud.example:1234' },
    });
    expect(answer.status).toBe(201);
    const { token } = answer.json;
    expect(token).toMatchObject({
      methods: ['password'],
      user: { id: 'alice', name: 'alice', domain: { id: 'default', name: 'Default' } },
      project: { id: 'demo', name: 'demo', domain: { id: 'default', name: 'Default' } },
      roles: [{ name: 'member' }, { name: 'reader' }],
    });
    expect(Date.parse(token.expires_at) - Date.parse(token.issued_at)).toBe(24 * 60 * 60 * 1000);
    const urls = Object.fromEntries(
      token.catalog.map(({ type, endpoints }: { type: string; endpoints: { url: string }[] }) => [
        type,
        [...new Set(endpoints.map(({ url }) => url))],
      ]),
    );
    expect(urls).toEqual({
      identity: ['http://cloud.example:1234/identity/v3'],
      compute: ['http://cloud.example:1234/v2.1'],
      image: ['http://cloud.example:1234/image'],
      network: ['http://cloud.example:1234/network'],
    });
  });

  it('gives a token that the compute service takes, also after a restart', async () => {
    const token = await issue();
    expect((await get('/v3/servers', { token })).status).toBe(200);
    await test.restart();
    expect((await get('/v3/servers', { token })).status).toBe(200);
    expect((await get('/v2.1/demo/servers', { token })).status).toBe(200);
    expect((await get('/v2.1/other/servers', { token })).status).toBe(400);
  });

  it('keeps no token, and removes what has expired', async () => {
    const token = await issue();
    const database = test.app.get(DataSource);
    const rows: { hash: string }[] = await database.query('SELECT * FROM embedded_tokens');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(token);

    await database.query('UPDATE embedded_tokens SET expires_at = ?', [Date.now() - 1]);
    expectUnauthorized(await get('/v3/servers', { token }));
    expectUnauthorized(await get('/identity/v3/projects', { token }));
    await issue();
    expect(await database.query('SELECT * FROM embedded_tokens')).toHaveLength(1);
  });

  it('lets a token without a project look around, but not compute', async () => {
    const token = await issue('unscoped');
    expectUnauthorized(await get('/v3/servers', { token }));
    const projects = await get('/identity/v3/auth/projects', { token });
    expect(projects.json.projects).toMatchObject([{ id: 'alice', name: 'alice', enabled: true }]);
    expect((await get('/identity/v3/auth/catalog', { token })).status).toBe(403);
  });

  it('gives a token for a token, for another project but not for longer', async () => {
    const token = await issue();
    const identity = { methods: ['token'], token: { id: token } };
    const other = await post(
      '/identity/v3/auth/tokens',
      { auth: { identity, scope: { project: { id: 'other' } } } },
      NOBODY,
    );
    const former = await get('/identity/v3/auth/tokens', { token, headers: { 'X-Subject-Token': token } });
    expect(other.json.token).toMatchObject({
      methods: ['token', 'password'],
      user: { id: 'alice' },
      project: { id: 'other' },
      expires_at: former.json.token.expires_at,
    });
    expect(other.headers['x-subject-token']).not.toBe(token);
  });

  it('tells what a token says to its own user and to admin, and to nobody else', async () => {
    const token = await issue();
    const subject = { headers: { 'X-Subject-Token': token } };
    const path = '/identity/v3/auth/tokens';
    for (const asker of [token, 'alice:other', 'admin:admin']) {
      const answer = await get(path, { token: asker, ...subject });
      expect(answer.status).toBe(200);
      expect(answer.headers['x-subject-token']).toBe(token);
      expect(answer.json.token).toMatchObject({ user: { id: 'alice' }, project: { id: 'demo' } });
    }
    expect((await get(`${path}?nocatalog`, { token, ...subject })).json.token).not.toHaveProperty('catalog');
    const head = await test.client.call('HEAD', path, { token, ...subject });
    expect([head.status, head.text]).toEqual([200, '']);
    expectError(await get(path, { token: 'bob:demo', ...subject }), 403);
    expectError(await get(path, { token }), 404);
    expectError(await get(path, { token, headers: { 'X-Subject-Token': 'x'.repeat(80) } }), 404);
  });

  it('takes a token back', async () => {
    const token = await issue();
    const call = { token, headers: { 'X-Subject-Token': token } };
    const answer = await test.client.delete('/identity/v3/auth/tokens', call);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expectUnauthorized(await get('/v3/servers', { token }));
    expectUnauthorized(await test.client.delete('/identity/v3/auth/tokens', call));
  });

  it('refuses what is no request for a token, in words of its own', async () => {
    const path = '/identity/v3/auth/tokens';
    expectUnauthorized(await post(path, passwordOf({ ...ALICE, password: '' }), NOBODY));
    expectUnauthorized(await post(path, passwordOf({ id: 'alice' }), NOBODY));
    expectError(await post(path, passwordOf({ name: 'alice', password: 'x' }), NOBODY), 400);
    expectError(await post(path, '{', NOBODY), 400);
    expectError(await post(path, {}, NOBODY), 400);
    expectError(await post(path, undefined, NOBODY), 400);
    expectError(await get('/identity/v3/nosuch', NOBODY), 404);
    expectUnauthorized(await get('/identity/v3/projects', NOBODY));
  });

  it.each([
    ['projects', '/projects', 'demo'],
    ['projects', '/projects?name=other', 'other'],
    ['projects', '/users/alice/projects', 'demo'],
    ['users', '/users', 'alice'],
    ['users', '/users?name=bob', 'bob'],
    ['domains', '/domains?name=Default', 'default'],
  ])('finds %s by %s', async (collection, path, id) => {
    const { json } = await get(`/identity/v3${path}`);
    expect(json[collection]).toMatchObject([{ id }]);
    const one = await get(`/identity/v3/${collection}/${id}`);
    expect(one.json[collection.slice(0, -1)]).toEqual(json[collection][0]);
  });

  it('finds no project whose name is none', async () => {
    expect((await get('/identity/v3/projects?name=a%20b')).json.projects).toEqual([]);
    expect((await get('/identity/v3/projects?domain_id=other')).json.projects).toEqual([]);
    expectError(await get('/identity/v3/projects/a%20b'), 404);
  });
});
