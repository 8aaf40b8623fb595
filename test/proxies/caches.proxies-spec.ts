import { UseGuards } from '@nestjs/common';
import { startApp, type TestApp } from '../support/server/app.js';
import type { Call, Client } from '../support/network/http.js';
import { HostGuard, type LibraryHost, startHost } from '../support/library/library-host.js';
import { Proxy } from '../support/network/proxies.js';
import { newServer } from '../support/server/servers.js';

/** nginx that keeps what it may, 404 and all. */
const nginxCache = (backend: string) =>
  Proxy.nginx(
    backend,
    'location / { proxy_pass http://b; proxy_cache kept; proxy_cache_valid any 1m; }',
    'proxy_cache_path $folder/cache keys_zone=kept:1m;',
  );

const CACHES: [name: string, start: (backend: string) => Promise<Proxy>][] = [
  ['Varnish', (backend) => Proxy.varnish(backend)],
  ['nginx with a cache', nginxCache],
];

describe.each(CACHES)('behind %s, as it comes', (_name, start) => {
  describe('the server', () => {
    let test: TestApp;
    let proxy: Proxy;
    let client: Client;
    beforeAll(async () => {
      test = await startApp();
      proxy = await start(test.client.url);
      ({ client } = proxy);
    });
    afterAll(async () => {
      await proxy.stop();
      await test.close();
    });

    it('says "not found" as long as that is true, and tells a tag’s tasks to nobody else', async () => {
      const [alice, bob] = [{ token: 'alice:a' }, { token: 'bob:b' }];
      const paths = ['/v3/servers/T/tasks', '/v3/tasks?tag=T', '/v2.1/servers/T', '/v3/servers'];
      const ask = async (call: { token: string | null }) =>
        Promise.all(paths.map((path) => client.get(path, call)));
      expect((await ask(alice)).map(({ status }) => status)).toEqual([404, 200, 404, 200]);
      expect((await client.get('/v3/no-route', alice)).status).toBe(404);

      const created = await client.post('/v3/servers', newServer(), { ...alice, tag: 'T' });
      expect([created.status, created.headers['task-tag']]).toEqual([202, 'T']);
      const [tasks, listed, server, servers] = await ask(alice);
      expect(tasks).toMatchObject({ status: 200, json: { tasks: [{ tag: 'T', accepted: true }] } });
      expect(listed?.json).toEqual(tasks?.json);
      expect(server).toMatchObject({ status: 200, json: { server: { id: created.json.server.id } } });
      expect(servers?.json.servers).toHaveLength(1);

      const others = await ask(bob);
      expect(others.map(({ status }) => status)).toEqual([404, 200, 404, 200]);
      expect([others[1]?.json.tasks, others[3]?.json.servers]).toEqual([[], []]);
      expect((await ask({ token: null })).map(({ status }) => status)).toEqual([401, 401, 401, 401]);
      // Who has no token leaves nothing behind either.
      expect((await ask(alice)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    });

    it('gives its images, networks and users to who may have them', async () => {
      for (const path of [
        '/image/v2/images',
        '/network/v2.0/networks',
        '/identity/v3/users',
        '/v2.1/flavors',
      ]) {
        expect([path, (await client.get(path)).status]).toEqual([path, 200]);
        expect([path, (await client.get(path, { token: null })).status]).toEqual([path, 401]);
      }
    });
  });

  it.each(['express', 'fastify'] as const)('a host of the library on %s as well', async (platform) => {
    const controller = { path: 'tasks', decorators: [UseGuards(HostGuard)] };
    const host: LibraryHost = await startHost({ platform, controller });
    const proxy = await start(host.client.url);
    try {
      const as = (user?: string): Call => ({ token: null, ...(user && { headers: { 'X-User': user } }) });
      const ask = async (user?: string) => proxy.client.get('/tasks?tag=T', as(user));
      expect((await ask('acme/ann')).json.tasks).toEqual([]);
      const order = await proxy.client.post('/orders', { item: 'ink' }, { ...as('acme/ann'), tag: 'T' });
      expect(order.status).toBe(201);
      const [task] = (await ask('acme/ann')).json.tasks;
      expect(task).toMatchObject({ tag: 'T', state: 'success' });
      expect((await proxy.client.get(`/tasks/${task.uuid}`, as('acme/ann'))).status).toBe(200);
      expect((await ask('evil/eve')).json.tasks).toEqual([]);
      expect((await proxy.client.get(`/tasks/${task.uuid}`, as('evil/eve'))).status).toBe(404);
      expect((await ask()).status).toBe(401);
      expect((await ask('acme/ann')).json.tasks).toHaveLength(1);
    } finally {
      await proxy.stop();
      await host.close();
    }
  });
});
