import type { Answer, Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { createServer, newServer, untilEnded, untilServer } from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';
import { until } from '../support/until.js';

const UNKNOWN = '11111111-2222-4333-8444-555555555555';
const CALL = { token: 'alice:look' };
const CLIENT_ID = 'req-00000000-1111-4222-8333-444444444444';

describe('tasks are looked up', () => {
  let test: TestApp;
  /** A server with a history: created, stopped, started; the last under a tag. */
  let server: string;
  let tasks: any[];
  beforeAll(async () => {
    test = await startApp();
    server = await createServer(test.client, {}, CALL);
    await act({ 'os-stop': null });
    await untilServer(test.client, server, ({ status }) => status === 'SHUTOFF', CALL);
    await act({ pause: null }, { ...CALL, tag: 'refused' });
    await act(
      { 'os-start': null },
      { ...CALL, tag: 'tag 4', headers: { 'X-OpenStack-Request-ID': CLIENT_ID } },
    );
    await untilEnded(test.client, server, CALL);
    tasks = await tasksOf(test.client, CALL);
  });
  afterAll(() => test.close());

  const get = (path: string, call: Call = CALL) => test.client.get(path, call);
  const act = (body: object, call: Call = CALL) =>
    test.client.post(`/v3/servers/${server}/action`, body, call);
  const names = ({ json }: Answer) => json.tasks.map(({ task }: { task: string }) => task);

  it('by the id of their server, newest first, all facts with each', async () => {
    const { json, headers } = await get(`/v3/servers/${server}/tasks`);
    expect(headers).not.toHaveProperty('task-tag');
    expect(json).toEqual({ tasks, tasks_links: [] });
    expect(names({ json } as Answer)).toEqual(['start', 'pause', 'stop', 'create']);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(tasks[0]).toEqual({
      uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      task: 'start',
      state: 'success',
      accepted: true,
      ended: true,
      resource: { server },
      request_id: expect.stringMatching(/^req-[0-9a-f-]{36}$/),
      user_id: 'alice',
      project_id: 'look',
      start_time: time,
      last_updated: time,
      tag: 'tag 4',
      fault: null,
      resolved: null,
      sent_at: time,
      answered_at: time,
      ended_at: tasks[0].last_updated,
      expires_at: null,
      duplicates: { refused: 0, answered: 0, last_at: null },
      observation: null,
    });
    expect(tasks[1]).toMatchObject({ state: 'failure', fault: { code: 409 }, tag: 'refused' });
    expect(tasks[3].last_updated > tasks[3].start_time).toBe(true);
  });

  it.each(['/v3', '/v2.1', '/v2.1/look', '/v3/look'])('also under %s', async (base) => {
    expect((await get(`${base}/servers/${server}/tasks`)).json.tasks).toEqual(tasks);
    expect((await get(`${base}/servers/tag%204/tasks/`)).json.tasks).toEqual([tasks[0]]);
    expect((await get(`${base}/tasks`)).json.tasks).toEqual(tasks);
    expect((await get(`${base}/tasks/${tasks[0].uuid}`)).json.task).toEqual(tasks[0]);
  });

  describe('page by page', () => {
    it.each(['/v3/tasks', '/v3/servers/{id}/tasks', '/v2.1/look/tasks'])(
      'of %s by its links',
      async (route) => {
        const path = route.replace('{id}', server);
        const found: unknown[] = [];
        let next: string | undefined = `${test.client.url}${path}?limit=1&state=success&state=failure`;
        for (let pages = 0; next !== undefined; pages += 1) {
          expect(pages).toBeLessThan(4);
          expect(next.startsWith(`${test.client.url}${path}?`)).toBe(true);
          const { json } = await get(next.slice(test.client.url.length));
          found.push(...json.tasks);
          next = json.tasks_links[0]?.href as string | undefined;
          if (next !== undefined) expect(json.tasks_links).toEqual([{ rel: 'next', href: next }]);
        }
        expect(found).toEqual(tasks);
      },
    );

    it('with a marker that must be one of the project', async () => {
      expect((await get(`/v3/tasks?marker=${tasks[1].uuid}`)).json.tasks).toEqual(tasks.slice(2));
      const { status, json } = await get(`/v3/tasks?marker=${UNKNOWN}`);
      expect([status, json.badRequest.message]).toEqual([400, `Marker ${UNKNOWN} could not be found.`]);
    });

    it('of no tasks at all with limit=0, and of 1000 at most', async () => {
      expect((await get('/v3/tasks?limit=0')).json).toEqual({ tasks: [], tasks_links: [] });
      expect((await get('/v3/tasks?limit=999999')).json.tasks).toEqual(tasks);
    });
  });

  it.each([
    ['state=success', ['start', 'stop', 'create']],
    ['state=failure', ['pause']],
    ['state=success&state=failure', ['start', 'pause', 'stop', 'create']],
    ['state=processing&state=pending&state=unknown', []],
    ['task=stop', ['stop']],
    ['task=nothing', []],
    ['task=Stop', []],
    ['state=success&task=create', ['create']],
    ['changes-since=2000-01-01T00:00:00Z', ['start', 'pause', 'stop', 'create']],
    ['changes-since=2000-01-01T00:00:00', ['start', 'pause', 'stop', 'create']],
    ['changes-since=2000-01-01T00:00:00%2B02:00', ['start', 'pause', 'stop', 'create']],
    ['changes-since=2099-01-01', []],
    ['', ['start', 'pause', 'stop', 'create']],
  ])('by their facts: ?%s', async (query, expected) => {
    expect(names(await get(`/v3/tasks?${query}`))).toEqual(expected);
    expect(names(await get(`/v3/servers/${server}/tasks?${query}`))).toEqual(expected);
  });

  it('by the time of their last change, to the millisecond', async () => {
    const [last] = tasks;
    expect(names(await get(`/v3/tasks?changes-since=${last.last_updated}`))).toContain('start');
    const later = new Date(Date.parse(last.last_updated) + 1).toISOString();
    expect(names(await get(`/v3/tasks?changes-since=${later}`))).not.toContain('start');
  });

  it.each([
    ['tag=tag%204', ['start']],
    ['tag=tag+4', ['start']],
    ['tag=tag%204&state=failure', []],
    ['tag=none', []],
    [`request_id=${CLIENT_ID}`, ['start']],
    [`request_id=req-${UNKNOWN}`, []],
  ])('over all servers: ?%s', async (query, expected) => {
    expect(names(await get(`/v3/tasks?${query}`))).toEqual(expected);
  });

  it('by the request id of the answer, and by server', async () => {
    for (const task of tasks) {
      expect((await get(`/v3/tasks?request_id=${task.request_id}`)).json.tasks).toEqual([task]);
    }
    expect((await get(`/v3/tasks?server=${server}`)).json.tasks).toEqual(tasks);
    expect((await get(`/v3/tasks?server=${UNKNOWN}`)).json.tasks).toEqual([]);
  });

  it.each([
    'limit=-1',
    'limit=x',
    'limit=',
    'limit=1.5',
    'limit=1&limit=2',
    'marker=x',
    'marker=',
    `marker=${UNKNOWN}&marker=${UNKNOWN}`,
    'state=done',
    'state=',
    'state=SUCCESS',
    'task=',
    'task=a&task=b',
    'changes-since=yesterday',
    'changes-since=2026-13-01',
    'changes-since=',
    'changes-since=2026-W05',
    'changes-since=20260131',
    'changes-since=12:00',
    'foo=1',
    'State=success',
    '__proto__=1',
    'constructor=1',
    'toString=1',
    'toQuery=1',
  ])('never by what cannot be meant: ?%s is refused', async (query) => {
    for (const path of ['/v3/tasks', `/v3/servers/${server}/tasks`, '/v3/servers/tag%204/tasks']) {
      const { status, json } = await get(`${path}?${query}`);
      expect([path, status, json.badRequest?.code]).toEqual([path, 400, 400]);
    }
  });

  it.each([
    'tag=',
    `tag=${'x'.repeat(256)}`,
    'tag=a&tag=a',
    'request_id=',
    'server=x',
    'server=',
    'all_tenants=2',
    'all_tenants=',
  ])('nor over all servers: ?%s', async (query) => {
    const { status, json } = await get(`/v3/tasks?${query}`);
    expect([status, json.badRequest?.code]).toEqual([400, 400]);
  });

  it.each(['tag=a', `request_id=${CLIENT_ID}`, `server=${UNKNOWN}`, 'all_tenants=1'])(
    'nor on one server or tag over all: ?%s',
    async (query) => {
      expect((await get(`/v3/servers/${server}/tasks?${query}`)).status).toBe(400);
    },
  );

  describe('one alone', () => {
    it('by its uuid, at each place where it is listed', async () => {
      const [first, , second] = tasks;
      expect((await get(`/v3/tasks/${second.uuid}`)).json).toEqual({ task: second });
      expect((await get(`/v3/servers/${server}/tasks/${second.uuid}`)).json).toEqual({ task: second });
      const byTag = await get(`/v3/servers/tag%204/tasks/${first.uuid}`);
      expect(byTag.json).toEqual({ task: first });
      expect(byTag.headers['task-tag']).toBe('tag 4');
    });

    it('and lists, by ids in capitals as well', async () => {
      const [id, uuid] = [server.toUpperCase(), tasks[2].uuid.toUpperCase() as string];
      for (const path of [`/v3/tasks/${uuid}`, `/v3/servers/${id}/tasks/${uuid}`])
        expect((await get(path)).json).toEqual({ task: tasks[2] });
      const ofServer = (await get(`/v3/servers/${server}/tasks`)).json.tasks;
      expect(ofServer).not.toEqual([]);
      for (const path of [`/v3/servers/${id}/tasks`, `/v3/tasks?server=${id}`])
        expect((await get(path)).json.tasks).toEqual(ofServer);
      expect((await get(`/v3/tasks?marker=${uuid}`)).json.tasks).toEqual(tasks.slice(3));
    });

    it('but not where it does not belong', async () => {
      const [first, , second] = tasks;
      for (const path of [
        `/v3/tasks/${UNKNOWN}`,
        `/v3/tasks/x`,
        `/v3/tasks/${first.uuid}0`,
        `/v3/servers/tag%204/tasks/${second.uuid}`,
        `/v3/servers/${UNKNOWN}/tasks/${first.uuid}`,
        `/v3/servers/none/tasks/${first.uuid}`,
      ]) {
        const { status, json } = await get(path);
        expect([path, status, json.itemNotFound.code]).toEqual([path, 404, 404]);
        expect(json.itemNotFound.message).toMatch(/^Task .+ could not be found\.$/);
      }
    });
  });

  it.each(['/v3/servers/none/tasks', `/v3/servers/${UNKNOWN}/tasks`, '/v3/servers/detail/tasks'])(
    'in vain when nothing was accepted: %s is 404',
    async (path) => {
      const { status, json, headers } = await get(path);
      expect([status, json.itemNotFound.code]).toEqual([404, 404]);
      expect(headers).not.toHaveProperty('task-tag');
    },
  );

  it('without a body, by HEAD', async () => {
    for (const [path, status] of [
      [`/v3/servers/${server}/tasks`, 200],
      ['/v3/servers/tag%204/tasks', 200],
      ['/v3/tasks', 200],
      [`/v3/tasks/${tasks[0].uuid}`, 200],
      ['/v3/servers/none/tasks', 404],
    ] as const) {
      const head = await test.client.call('HEAD', path, CALL);
      expect([path, head.status, head.text]).toEqual([path, status, '']);
      expect(head.headers['content-length']).toBe((await get(path)).headers['content-length']);
      expect(head.headers['task-tag']).toBe(path.includes('tag%204') ? 'tag 4' : undefined);
    }
  });

  it('when their server is deleted, by its id and by tag', async () => {
    const call = { token: 'alice:gone' };
    const created = await test.client.post('/v3/servers', newServer(), { ...call, tag: 'made' });
    const id = created.json.server.id as string;
    await untilEnded(test.client, 'made', call);
    expect((await test.client.delete(`/v3/servers/${id}`, { ...call, tag: 'unmade' })).status).toBe(204);
    await until('the server to be gone', async () => (await get(`/v3/servers/${id}`, call)).status === 404);
    await untilEnded(test.client, 'unmade', call);

    expect(names(await get(`/v3/servers/${id}/tasks`, call))).toEqual(['delete', 'create']);
    expect(names(await get('/v3/servers/made/tasks', call))).toEqual(['create']);
    expect(names(await get('/v3/servers/unmade/tasks', call))).toEqual(['delete']);
    const [task] = (await get('/v3/servers/made/tasks', call)).json.tasks;
    expect((await get(`/v3/servers/${id}/tasks/${task.uuid}`, call)).json.task).toEqual(task);
    expect((await get('/v3/servers/made', call)).status).toBe(404);
  });
});
