import type { Answer } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import {
  countServers,
  createServer,
  expectRefused,
  newServer,
  untilEnded,
} from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';

const UNKNOWN = '11111111-2222-4333-8444-555555555555';
const ALICE = { token: 'alice:one' };
const OTHER_UNKNOWN = '99999999-2222-4333-8444-555555555555';
const MALLORY = { token: 'mallory:two' };

describe('tenants', () => {
  let test: TestApp;
  let server: string;
  let task: { uuid: string; request_id: string };
  beforeAll(async () => {
    test = await startApp();
    server = await createServer(test.client, {}, { ...ALICE, tag: 'mine' });
    task = await untilEnded(test.client, 'mine', ALICE);
  });
  afterAll(() => test.close());

  it('may use the same tag for the same request: it is carried out for each', async () => {
    const [red, blue] = [
      { token: 'alice:red', tag: 'same' },
      { token: 'bob:blue', tag: 'same' },
    ];
    const first = await test.client.post('/v3/servers', newServer(), red);
    const second = await test.client.post('/v3/servers', newServer(), blue);
    expect([first.status, second.status]).toEqual([202, 202]);
    expectRefused(await test.client.post('/v3/servers', newServer(), red));
    for (const [call, answer] of [
      [red, first],
      [blue, second],
    ] as const) {
      const tasks = await tasksOf(test.client, call, '?tag=same');
      expect(tasks.map(({ resource }) => resource.server)).toEqual([answer.json.server.id]);
      const found = await test.client.get('/v3/servers/same', call);
      expect(found.json.server.id).toBe(answer.json.server.id);
    }
  });

  it('are projects, not users: a user of two has two, and two users of one share it', async () => {
    const call = (token: string) => ({ token, tag: 'shared' });
    expect((await test.client.post('/v3/servers', newServer(), call('carol:east'))).status).toBe(202);
    expect((await test.client.post('/v3/servers', newServer(), call('carol:west'))).status).toBe(202);
    expectRefused(await test.client.post('/v3/servers', newServer(), call('dave:east')));
    const [seen] = await tasksOf(test.client, { token: 'dave:east' });
    expect(seen).toMatchObject({ user_id: 'carol', project_id: 'east' });
    expect(await countServers(test.client, { token: 'dave:east' })).toBe(1);
  });

  it('whose names differ in capital letters are two', async () => {
    const [upper, lower] = [
      { token: 'alice:Demo', tag: 'case' },
      { token: 'alice:demo', tag: 'case' },
    ];
    expect((await test.client.post('/v3/servers', newServer(), upper)).status).toBe(202);
    expect(await tasksOf(test.client, lower)).toEqual([]);
    expect(await countServers(test.client, lower)).toBe(0);
    expect((await test.client.get('/v3/servers/case/tasks', lower)).status).toBe(404);
    expect((await test.client.post('/v3/servers', newServer(), lower)).status).toBe(202);
    const [mine] = await tasksOf(test.client, upper);
    expect((await test.client.get(`/v3/servers/${mine.resource.server}`, lower)).status).toBe(404);
  });

  describe('cannot tell what is not theirs from what does not exist:', () => {
    /** Whole answers, but for ids, dates and the thing that was asked for. */
    function seen({ status, headers, text }: Answer, asked: string): object {
      const { date: _, ...others } = headers;
      const plain = (value: unknown) =>
        JSON.stringify(value)
          .replaceAll(asked, '<asked>')
          .replace(/req-[0-9a-f-]{36}/g, '<request>');
      return { status, headers: plain(others), text: plain(text) };
    }

    async function expectSame(send: (id: string) => Promise<Answer>, foreign: string, unknown = UNKNOWN) {
      const [theirs, nobodys] = [await send(foreign), await send(unknown)];
      expect(seen(theirs, foreign)).toEqual(seen(nobodys, unknown));
      return theirs;
    }

    const BY_SERVER: [method: string, path: string, body?: unknown][] = [
      ['GET', ''],
      ['HEAD', ''],
      ['PUT', '', { server: { name: 'mallory' } }],
      ['DELETE', ''],
      ['POST', '/action', { 'os-stop': null }],
      ['POST', '/action', { reboot: { type: 'HARD' } }],
      ['POST', '/action', { resize: { flavorRef: '2' } }],
      ['POST', '/action', { createImage: { name: 'mine' } }],
      ['GET', '/tasks'],
      ['GET', `/tasks/${OTHER_UNKNOWN}`],
      ['GET', '/os-instance-actions'],
      ['GET', `/os-instance-actions/req-${OTHER_UNKNOWN}`],
      ['GET', '/os-interface'],
      ['POST', '/os-interface', { interfaceAttachment: {} }],
      ['DELETE', `/os-interface/${OTHER_UNKNOWN}`],
      ['GET', '/os-volume_attachments'],
      ['POST', '/os-volume_attachments', { volumeAttachment: { volumeId: OTHER_UNKNOWN } }],
      ['DELETE', `/os-volume_attachments/${OTHER_UNKNOWN}`],
      ['PUT', `/os-volume_attachments/${OTHER_UNKNOWN}`, { volumeAttachment: { volumeId: OTHER_UNKNOWN } }],
      ['GET', '/metadata'],
      ['PUT', '/metadata', { metadata: { a: 'b' } }],
      ['POST', '/metadata', { metadata: { a: 'b' } }],
      ['GET', '/tags'],
      ['PUT', '/tags', { tags: ['a'] }],
      ['GET', '/ips'],
    ];
    it.each(BY_SERVER)('%s /servers/{id}%s', async (...[method, path, body]) => {
      // What she has tried before is hers to see, so each starts with nothing.
      const call = { token: `mallory:${method}${path.length}`, version: '2.60', body };
      const send = (id: string) => test.client.call(method, `/v3/servers/${id}${path}`, call);
      expect((await expectSame(send, server)).status).toBe(404);
    });

    it('a server by its tag', async () => {
      const byTag = (path: string) => (tag: string) => test.client.get(`/v3/servers/${tag}${path}`, MALLORY);
      for (const path of ['', '/tasks', `/tasks/${task.uuid}`]) {
        expect((await expectSame(byTag(path), 'mine', 'none')).status).toBe(404);
      }
      expect(await tasksOf(test.client, MALLORY, '?tag=mine')).toEqual([]);
    });

    it('a task', async () => {
      for (const path of ['/v3/tasks/', '/v3/servers/mine/tasks/', `/v3/servers/${server}/tasks/`]) {
        const send = (uuid: string) => test.client.get(path + uuid, MALLORY);
        expect((await expectSame(send, task.uuid)).status).toBe(404);
      }
    });

    it('a task as a marker, and a server as a marker', async () => {
      for (const [path, marker] of [
        ['/v3/tasks', task.uuid],
        ['/v3/servers', server],
        ['/v3/servers/detail', server],
      ] as const) {
        const send = (id: string) => test.client.get(`${path}?marker=${id}`, MALLORY);
        expect((await expectSame(send, marker)).status).toBe(400);
      }
    });

    it('a task by its request id or its server', async () => {
      expect(await tasksOf(test.client, MALLORY, `?request_id=${task.request_id}`)).toEqual([]);
      expect(await tasksOf(test.client, MALLORY, `?server=${server}`)).toEqual([]);
    });

    it('an image', async () => {
      const { json } = await test.client.post(
        `/v3/servers/${server}/action`,
        { createImage: { name: 'snap' } },
        { ...ALICE, version: '2.45' },
      );
      const image = json.image_id as string;
      const show = (id: string) => test.client.get(`/image/v2/images/${id}`, MALLORY);
      expect((await expectSame(show, image)).status).toBe(404);
      const boot = (id: string) => test.client.post('/v3/servers', newServer({ imageRef: id }), MALLORY);
      expect((await expectSame(boot, image)).status).toBe(400);
    });

    it('and nothing of it has changed', async () => {
      const { json } = await test.client.get(`/v3/servers/${server}`, ALICE);
      expect(json.server).toMatchObject({ name: 'vm1', status: 'ACTIVE', metadata: {} });
      const foreign = await tasksOf(test.client, ALICE);
      expect(new Set(foreign.map(({ user_id }) => user_id))).toEqual(new Set(['alice']));
    });
  });

  it('see their own lists only', async () => {
    for (const path of ['/v3/servers', '/v3/servers/detail', '/v3/servers?all_tenants=0']) {
      const { json } = await test.client.get(path, { token: 'eve:nobody' });
      expect(json.servers).toEqual([]);
    }
    expect(await tasksOf(test.client, { token: 'eve:nobody' })).toEqual([]);
  });

  describe('are all seen by an administrator who asks for them', () => {
    it('by tag or request id, with all_tenants=1', async () => {
      for (const query of ['tag=mine', `request_id=${task.request_id}`, `server=${server}&task=create`]) {
        const own = await tasksOf(test.client, { token: 'admin:admin' }, `?${query}`);
        const all = await tasksOf(test.client, { token: 'admin:admin' }, `?all_tenants=1&${query}`);
        expect(own).toEqual([]);
        expect(all).toEqual([task]);
      }
    });

    it('page by page', async () => {
      const all = await tasksOf(test.client, { token: 'admin:admin' }, '?all_tenants=1');
      const rest = await tasksOf(
        test.client,
        { token: 'admin:admin' },
        `?all_tenants=1&limit=2&marker=${all[0].uuid}`,
      );
      const uuids = (tasks: { uuid: string }[]) => tasks.map(({ uuid }) => uuid);
      expect(uuids(rest)).toEqual(uuids(all.slice(1, 3)));
      expect(new Set(all.map(({ project_id }) => project_id)).size).toBeGreaterThan(1);
    });

    it('and by nobody else', async () => {
      const { status, json } = await test.client.get('/v3/tasks?all_tenants=1', MALLORY);
      expect([status, json.forbidden.code]).toEqual([403, 403]);
      expect((await test.client.get('/v3/tasks?all_tenants=0', MALLORY)).status).toBe(200);
      for (const [path, kind] of [
        ['/v3/servers', 'index'],
        ['/v3/servers/detail', 'detail'],
      ]) {
        const refused = await test.client.get(`${path}?all_tenants=1`, MALLORY);
        expect(refused.json.forbidden).toEqual({
          code: 403,
          message: `Policy doesn't allow os_compute_api:servers:${kind}:get_all_tenants to be performed.`,
        });
      }
      const { json: servers } = await test.client.get('/v3/servers?all_tenants=1', { token: 'admin:admin' });
      expect(servers.servers.map(({ id }: { id: string }) => id)).toContain(server);
    });
  });
});
