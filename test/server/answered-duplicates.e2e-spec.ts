import { randomUUID } from 'node:crypto';
import { BadRequest } from '../../src/openstack/faults.js';
import { TaskWaits } from '../../src/tasks/waiting/task-waits.js';
import type { Answer, Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { holdNextRequest } from '../support/server/held-request.js';
import {
  CIRROS,
  countServers,
  createServer,
  expectRefused,
  newServer,
  untilServer,
} from '../support/server/servers.js';
import { until } from '../support/until.js';

const ANSWER = { 'Task-duplicates': 'answer' };

declare const testDatabase: string;

describe('a repeated request with DUPLICATES=answer', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp({ DUPLICATES: 'answer' });
  });
  afterAll(() => test.close());
  afterEach(() => jest.restoreAllMocks());

  let n = 0;
  const fresh = (more: Call = {}): Call => {
    n += 1;
    return { token: `alice:project-${n}`, tag: `tag-${n}`, ...more };
  };

  /** Sends a request twice; the second answer is the first one's, but for ids of the request itself and passwords. */
  async function twice(method: string, path: string, call: Call): Promise<[Answer, Answer]> {
    const first = await test.client.call(method, path, call);
    const again = await test.client.call(method, path, call);
    expect([again.status, again.headers['task-replayed'], again.headers['task-tag']]).toEqual([
      first.status,
      'true',
      call.tag,
    ]);
    const { json } = await test.client.get(`/v3/tasks?tag=${String(call.tag)}`, call);
    expect(json.tasks).toHaveLength(1);
    expect(again.headers['link']).toBe(`<${test.client.url}/v3/tasks/${json.tasks[0].uuid}>; rel="related"`);
    expect(again.headers['cache-control']).toBe('no-store');
    for (const name of ['location', 'content-type', 'openstack-api-version', 'vary'])
      expect([name, again.headers[name]]).toEqual([name, first.headers[name]]);
    return [first, again];
  }

  it('gets the server that the first one made, as Nova forms it, without the password', async () => {
    const call = fresh({
      body: newServer({ security_groups: [{ name: 'default' }], adminPass: 'secret-1' }),
    });
    const [first, again] = await twice('POST', '/v2.1/servers', call);
    const { adminPass, ...server } = first.json.server;
    expect(adminPass).toBe('secret-1');
    expect(again.json).toEqual({ server });
    expect(await countServers(test.client, call)).toBe(1);
  });

  it('gets the reservation of several servers', async () => {
    const call = fresh({ body: newServer({ min_count: 2, max_count: 2, return_reservation_id: true }) });
    const [first, again] = await twice('POST', '/v3/servers', call);
    expect(again.json).toEqual(first.json);
    expect(first.json.reservation_id).toMatch(/^r-/);
    expect(await countServers(test.client, call)).toBe(2);
  });

  it.each([
    ['an action', { 'os-stop': null }, {}],
    ['a snapshot', { createImage: { name: 'one' } }, { version: '2.45' }],
    ['a forced delete', { forceDelete: null }, {}],
    ['a lock', { lock: null }, {}],
  ])('gets the answer to %s', async (_, body, more) => {
    const call = fresh(more);
    const id = await createServer(test.client, {}, { token: call.token });
    const [first, again] = await twice('POST', `/v2.1/servers/${id}/action`, { ...call, body });
    expect(again.text).toBe(first.text);
  });

  it('gets a rebuilt server as it is now', async () => {
    const call = fresh();
    const id = await createServer(test.client, {}, { token: call.token });
    const body = { rebuild: { imageRef: CIRROS, name: 'new' } };
    const [first, again] = await twice('POST', `/v2.1/servers/${id}/action`, { ...call, body });
    expect(again.json.server).toMatchObject({ id, name: 'new', links: first.json.server.links });
    expect(again.json.server).not.toHaveProperty('adminPass');
  });

  it('gets an attached interface and volume, also when they are attached no more', async () => {
    const call = fresh();
    const id = await createServer(test.client, {}, { token: call.token });
    const volume = randomUUID();
    const asked: [string, object, string][] = [
      ['os-interface', { interfaceAttachment: {} }, 'port_id'],
      ['os-volume_attachments', { volumeAttachment: { volumeId: volume } }, 'volumeId'],
    ];
    for (const [part, body, key] of asked) {
      const path = `/v2.1/servers/${id}/${part}`;
      const [first, again] = await twice('POST', path, { ...call, tag: part, body });
      expect(again.json).toEqual(first.json);
      const [[name, attached]] = Object.entries<any>(first.json) as [[string, any]];
      expect(
        (await test.client.call('DELETE', `${path}/${attached[key]}`, { token: call.token })).status,
      ).toBe(202);
      await until('it to be detached', async () => {
        const { status } = await test.client.get(`${path}/${attached[key]}`, { token: call.token });
        return status === 404;
      });
      const late = await test.client.call('POST', path, { ...call, tag: part, body });
      expect([late.status, late.json[name][key]]).toEqual([200, attached[key]]);
    }
  });

  it('that deletes gets 204, and the create its server’s id, although the server is gone', async () => {
    const call = fresh({ body: newServer() });
    const first = await test.client.call('POST', '/v3/servers', call);
    const { id } = first.json.server;
    await untilServer(test.client, id, ({ status }) => status === 'ACTIVE', call);
    const [, again] = await twice('DELETE', `/v3/servers/${id}`, { ...fresh(), token: call.token });
    expect([again.status, again.text]).toEqual([204, '']);
    await until(
      'it to be gone',
      async () => (await test.client.get(`/v3/servers/${id}`, call)).status === 404,
    );
    const late = await test.client.call('POST', '/v3/servers', call);
    expect([late.status, late.json.server.id]).toEqual([202, id]);
    expect(await countServers(test.client, call)).toBe(0);
  });

  it('is carried out when the first one was rejected', async () => {
    const call = fresh({ body: newServer({ imageRef: randomUUID() }) });
    for (let time = 0; time < 2; time += 1) {
      const answer = await test.client.call('POST', '/v3/servers', call);
      expect([answer.status, answer.headers['task-replayed']]).toEqual([400, undefined]);
    }
  });

  describe('while the first one is not answered yet', () => {
    it('waits for it, and gets its answer', async () => {
      const call = fresh({ body: newServer() });
      const held = holdNextRequest(test.app);
      const first = test.client.call('POST', '/v3/servers', call);
      await held.hasCome();
      const others = [1, 2, 3].map(() => test.client.call('POST', '/v3/servers', call));
      held.letGo();
      const { id } = (await first).json.server;
      for (const other of others) {
        const { status, json, headers } = await other;
        expect([status, json.server.id, headers['task-replayed']]).toEqual([202, id, 'true']);
      }
      expect(await countServers(test.client, call)).toBe(1);
    });

    // A SQLite file is for one process.
    const acrossReplicas = testDatabase === 'sqlite' ? it.skip : it;
    acrossReplicas('waits for it also at another replica', async () => {
      const other = await startApp({ DUPLICATES: 'answer', DATABASE_URL: test.database.url });
      const call = fresh({ body: newServer() });
      const held = holdNextRequest(test.app);
      const first = test.client.call('POST', '/v3/servers', call);
      await held.hasCome();
      const again = other.client.call('POST', '/v3/servers', call);
      await until('it to wait', () => other.app.get(TaskWaits).count > 0);
      held.letGo();
      const { id } = (await first).json.server;
      const { status, json, headers } = await again;
      expect([status, json.server.id, headers['task-replayed']]).toEqual([202, id, 'true']);
      expect(await countServers(test.client, call)).toBe(1);
      other.client.close();
      await other.app.close();
    });

    it('waits for it, and one of them is carried out when it is rejected', async () => {
      const call = fresh({ body: newServer() });
      const held = holdNextRequest(test.app);
      const first = test.client.call('POST', '/v3/servers', call);
      await held.hasCome();
      const others = [1, 2, 3].map(() => test.client.call('POST', '/v3/servers', call));
      held.letGo(new BadRequest('No.'));
      expect((await first).status).toBe(400);
      const answers = await Promise.all(others);
      expect(new Set(answers.map(({ json }) => json.server.id)).size).toBe(1);
      expect(answers.filter(({ headers }) => headers['task-replayed'] === 'true')).toHaveLength(2);
      expect(await countServers(test.client, call)).toBe(1);
    });
  });

  it('is refused if its user may not do it any more', async () => {
    const call = fresh({ body: newServer() });
    const id = (await test.client.call('POST', '/v3/servers', call)).json.server.id as string;
    const [, project] = String(call.token).split(':');
    const reader = { ...call, token: `reader:${project}` };
    for (const [method, path, more] of [
      ['POST', '/v3/servers', call],
      ['DELETE', `/v3/servers/${id}`, { tag: 'd', body: undefined }],
    ] as const) {
      if (method === 'DELETE') await test.client.call(method, path, { ...call, ...more });
      const { status, json, text } = await test.client.call(method, path, {
        ...reader,
        ...more,
        token: reader.token,
      });
      expect([status, json.forbidden?.message]).toEqual([
        403,
        expect.stringContaining('Policy doesn’t'.replace('’', "'")),
      ]);
      expect(text).not.toContain(id);
    }
  });

  it('of another project is another request', async () => {
    const call = fresh({ body: newServer() });
    const first = await test.client.call('POST', '/v3/servers', call);
    const other = await test.client.call('POST', '/v3/servers', { ...call, token: 'alice:elsewhere' });
    expect([other.status, other.headers['task-replayed']]).toEqual([202, undefined]);
    expect(other.json.server.id).not.toBe(first.json.server.id);
  });

  it('is refused if it wants to be, and told when it wants something else', async () => {
    const call = fresh({ body: newServer() });
    expect((await test.client.call('POST', '/v3/servers', call)).status).toBe(202);
    const refuse = { ...call, headers: { 'Task-duplicates': 'refuse' } };
    expectRefused(await test.client.call('POST', '/v3/servers', refuse));
    const odd = { ...fresh({ body: newServer() }), headers: { 'Task-duplicates': 'maybe' } };
    const { status, json } = await test.client.call('POST', '/v3/servers', odd);
    expect([status, json.badRequest.message]).toEqual([400, expect.stringContaining('"refuse" or "answer"')]);
    expect((await test.client.get(`/v3/tasks?tag=${String(odd.tag)}`, odd)).json.tasks).toEqual([]);
  });
});

describe('a repeated request without the setting', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  it('is refused, unless it asks for the answer', async () => {
    const call = { tag: 'asks', body: newServer() };
    const first = await test.client.call('POST', '/v3/servers', call);
    expectRefused(await test.client.call('POST', '/v3/servers', call));
    const again = await test.client.call('POST', '/v3/servers', { ...call, headers: ANSWER });
    expect([again.status, again.json.server.id]).toEqual([202, first.json.server.id]);
    expectRefused(await test.client.call('POST', '/v3/servers', call));
  });
});
