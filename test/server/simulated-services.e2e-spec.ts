import { DataSource } from 'typeorm';
import type { Answer, Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { CIRROS, createServer, untilEnded } from '../support/server/servers.js';

/** What a client sends to get a token. */
function passwordOf(user: object, scope?: unknown): object {
  const identity = { methods: ['password'], password: { user } };
  return { auth: { identity, ...(scope !== undefined && { scope }) } };
}

const ALICE = { name: 'alice', domain: { id: 'default' }, password: 'any' };
const DEMO = { project: { name: 'demo', domain: { id: 'default' } } };
const NOBODY = { token: null };

describe('the services beside compute', () => {
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

  describe('the identity service', () => {
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
      expect((await get(`${path}?nocatalog`, { token, ...subject })).json.token).not.toHaveProperty(
        'catalog',
      );
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

  describe('the image service', () => {
    it.each([
      ['/image', 300],
      ['/image/', 300],
      ['/image/versions', 200],
    ])('tells at %s which version it is, to anybody', async (path, status) => {
      const answer = await get(path, NOBODY);
      expect(answer.status).toBe(status);
      const links = [{ rel: 'self', href: `${test.client.url}/image/v2/` }];
      expect(answer.json.versions).toMatchObject([{ status: 'CURRENT', links }]);
    });

    it('has an image for everybody, found by id and by name', async () => {
      const shown = await get(`/image/v2/images/${CIRROS}`);
      expect(shown.json).toMatchObject({
        id: CIRROS,
        name: 'cirros',
        status: 'active',
        visibility: 'public',
      });
      const listed = await get('/image/v2/images?name=cirros');
      expect(listed.json.images).toEqual([shown.json]);
      expect((await test.client.delete(`/image/v2/images/${CIRROS}`)).status).toBe(403);
    });

    it('has the snapshots of a project, for that project alone, until they are deleted', async () => {
      const server = await createServer(test.client);
      const made = await post(
        `/v3/servers/${server}/action`,
        { createImage: { name: 'größe', metadata: { color: 'red', id: 'mine', status: 'mine' } } },
        { version: '2.45' },
      );
      const id = made.json.image_id as string;
      expect((await get(`/image/v2/images/${id}`)).json.id).toBe(id);
      await untilEnded(test.client, server);

      const { json: image } = await get(`/image/v2/images/${id}`);
      expect(image).toMatchObject({
        id,
        name: 'größe',
        status: 'active',
        visibility: 'private',
        owner: 'demo',
        color: 'red',
        instance_uuid: server,
        base_image_ref: CIRROS,
      });
      expect((await get('/image/v2/images?image_type=snapshot')).json.images).toEqual([image]);
      const old = await get(`/v2.1/images/detail?server=${server}`);
      expect(old.json.images).toMatchObject([{ id, status: 'ACTIVE', server: { id: server } }]);

      const bob = { token: 'bob:other' };
      expect((await get(`/image/v2/images/${id}`, bob)).status).toBe(404);
      expect((await test.client.delete(`/image/v2/images/${id}`, bob)).status).toBe(404);
      expect((await get('/image/v2/images?image_type=snapshot', bob)).json.images).toEqual([]);

      expect((await test.client.delete(`/image/v2/images/${id}`)).status).toBe(204);
      expect((await get(`/image/v2/images/${id}`)).status).toBe(404);
      expect((await test.client.delete(`/image/v2/images/${id}`)).status).toBe(404);
    });

    it('says that there is no such image as the client can read it', async () => {
      const path = '/image/v2/images/%3Cb%3E%C3%BC';
      const page = await get(path);
      expect(page.status).toBe(404);
      expect(page.headers['content-type']).toMatch(/^text\/html/);
      expect(page.text).toContain('No image found with ID &#60;b&#62;ü');
      const json = await get(path, { headers: { Accept: 'application/json' } });
      expect(json.json).toEqual({
        message: 'No image found with ID <b>ü',
        code: '404 Not Found',
        title: 'Not Found',
      });
    });

    it('answers nobody without a token', async () => {
      expectUnauthorized(await get('/image/v2/images', NOBODY));
      expectUnauthorized(await get('/image/nosuch', NOBODY));
      expect((await get('/image/nosuch')).status).toBe(404);
    });

    it('is in the compute API too, up to 2.35', async () => {
      expect((await get('/v2.1/images?limit=1', { version: '2.35' })).json).toMatchObject({
        images: [{ name: 'ubuntu-24.04' }],
        images_links: [{ rel: 'next' }],
      });
      expect((await get(`/v2.1/images/${CIRROS}`)).json.image).toMatchObject({ id: CIRROS, progress: 100 });
      expect((await get('/v2.1/images/nosuch')).json.itemNotFound.message).toBe('Image not found.');
      expect((await get('/v2.1/images', { version: '2.36' })).status).toBe(404);
    });
  });

  describe('the network service', () => {
    it('tells which version it is, to anybody', async () => {
      const { status, json } = await get('/network/', NOBODY);
      expect(status).toBe(200);
      const links = [{ rel: 'self', href: `${test.client.url}/network/v2.0/` }];
      expect(json.versions).toEqual([{ id: 'v2.0', status: 'CURRENT', links }]);
    });

    it('has networks for everybody, with a subnet each', async () => {
      const { json } = await get('/network/v2.0/networks?name=private');
      const [network] = json.networks;
      expect(network).toMatchObject({ name: 'private', status: 'ACTIVE', shared: true });
      expect((await get(`/network/v2.0/networks/${network.id}`)).json).toEqual({ network });
      const subnets = await get(`/network/v2.0/subnets?network_id=${network.id}`);
      expect(subnets.json.subnets).toMatchObject([{ id: network.subnets[0], cidr: '10.0.0.0/8' }]);
    });

    it('has a security group for each project', async () => {
      const mine = (await get('/network/v2.0/security-groups')).json.security_groups;
      expect(mine).toMatchObject([{ name: 'default', project_id: 'demo' }]);
      const path = `/network/v2.0/security-groups/${mine[0].id}`;
      expect((await get(path)).json.security_group).toEqual(mine[0]);
      expect((await get(path, { token: 'bob:other' })).status).toBe(404);
    });

    it('has the ports of the servers, for their project alone', async () => {
      const carol = { token: 'carol:ports' };
      const server = await createServer(test.client, {}, carol);
      const attached = (await get(`/v3/servers/${server}/os-interface`, carol)).json.interfaceAttachments;
      const { ports } = (await get(`/network/v2.0/ports?device_id=${server}`, carol)).json;
      expect(ports).toMatchObject([
        {
          id: attached[0].port_id,
          network_id: attached[0].net_id,
          device_id: server,
          mac_address: attached[0].mac_addr,
          fixed_ips: [{ ip_address: attached[0].fixed_ips[0].ip_address }],
        },
      ]);
      const path = `/network/v2.0/ports/${ports[0].id}`;
      expect((await get(path, carol)).json.port).toEqual(ports[0]);
      expect((await get(path)).status).toBe(404);
      expect((await get('/network/v2.0/ports?device_id=nosuch', carol)).json).toEqual({ ports: [] });
    });

    it.each(['floatingips', 'routers'])('has no %s', async (collection) => {
      expect((await get(`/network/v2.0/${collection}`)).json).toEqual({ [collection]: [] });
    });

    it.each([
      ['networks', 'NetworkNotFound'],
      ['subnets', 'SubnetNotFound'],
      ['ports', 'PortNotFound'],
      ['security-groups', 'SecurityGroupNotFound'],
      ['nosuch', 'HTTPNotFound'],
    ])('says in its own shape that there is no such thing among the %s', async (collection, type) => {
      const { status, json } = await get(`/network/v2.0/${collection}/x`);
      expect(status).toBe(404);
      expect(json.NeutronError).toMatchObject({ type, detail: '' });
    });

    it('answers nobody without a token', async () => {
      expectUnauthorized(await get('/network/v2.0/networks', NOBODY));
      expectUnauthorized(await get('/network/nosuch', NOBODY));
    });
  });
});

/** Keystone's own shape. */
function expectError({ status, json }: Answer, code: number): void {
  expect(status).toBe(code);
  expect(json).toEqual({ error: { code, message: expect.any(String), title: expect.any(String) } });
}

function expectUnauthorized(answer: Answer): void {
  expectError(answer, 401);
  expect(answer.headers['www-authenticate']).toMatch(/^Keystone uri="http:\/\/.*\/identity\/v3"$/);
}
