import { request as httpRequest } from 'node:http';
import { TaskRecorder } from '../../src/tasks/recording/task.recorder.js';
import type { Outcome } from '../../src/tasks/task.states.js';
import { TaskWaits } from '../../src/tasks/waiting/task-waits.js';
import type { Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { createServer, newServer } from '../support/server/servers.js';
import { until } from '../support/until.js';

const UNKNOWN = '11111111-2222-4333-8444-555555555555';
const CALL = { token: 'alice:demo' };

describe('a look-up that waits', () => {
  let test: TestApp;
  let recorder: TaskRecorder;
  let waits: TaskWaits;
  let tag: string;
  let count = 0;
  beforeAll(async () => {
    test = await startApp();
    recorder = test.app.get(TaskRecorder, { strict: false });
    waits = test.app.get(TaskWaits, { strict: false });
  });
  afterAll(() => test.close());
  beforeEach(() => (tag = `wait-${(count += 1)}`));

  const get = (path: string, headers: Record<string, string> = {}, call: Call = CALL) =>
    test.client.get(path, { ...call, headers });
  const waiting = (wanted = 1) => until(`${wanted} to wait`, () => waits.count === wanted);
  const end = (uuid: string, outcome: Outcome = { state: 'success' }) =>
    recorder.recordOutcome(uuid, outcome);
  /** A task that ends when it is told to: the compute service is not asked about what is under way for long. */
  const open = async (server: string | null = null, task = 'reboot') => {
    const { uuid } = await recorder.record({
      projectId: 'demo',
      userId: 'alice',
      tag,
      description: { method: 'POST', url: `/${task}`, mediaType: 'text/plain', body: Buffer.from('x') },
      task,
      resource: server === null ? null : { server },
      requestId: null,
      globalRequestId: null,
    });
    await end(uuid, { state: 'processing', lookAgainAt: Date.now() + 600_000 });
    return uuid;
  };
  const states = (json: any) => (json.tasks ?? [json.task]).map(({ state }: { state: string }) => state);

  it('is answered when the create has ended that had not even arrived, as the same look-up afterwards', async () => {
    const path = `/v3/tasks?tag=${tag}`;
    const answer = get(`${path}&wait=30`);
    await waiting();
    expect((await test.client.post('/v3/servers', newServer(), { ...CALL, tag })).status).toBe(202);
    const { status, json, headers } = await answer;
    expect([status, states(json), json.tasks[0].ended]).toEqual([200, ['success'], true]);
    expect(headers).not.toHaveProperty('retry-after');
    expect(json).toEqual((await get(path)).json);
    expect(waits.count).toBe(0);
  });

  it.each([
    ['/v3/tasks?tag={tag}&wait=30', {}],
    ['/v3/tasks?server={server}&task=reboot&wait=30', {}],
    ['/v3/tasks/{uuid}?wait=30', {}],
    ['/v3/servers/{tag}/tasks?wait=30', {}],
    ['/v3/servers/{server}/tasks?wait=30', {}],
    ['/v2.1/demo/servers/{tag}/tasks/{uuid}?wait=30', {}],
    ['/v3/tasks?tag={tag}', { Prefer: 'wait=30' }],
    ['/v3/tasks/{uuid}', { Prefer: 'respond-async, wait=30' }],
    ['/v3/servers/{tag}/tasks/{uuid}', { prefer: 'wait=30' }],
  ])('is answered when all tasks found have ended: %s %j', async (path, headers: Record<string, string>) => {
    const server = await createServer(test.client, {}, CALL);
    const uuid = await open(server);
    const answer = get(
      path.replace('{tag}', tag).replace('{server}', server).replace('{uuid}', uuid),
      headers,
    );
    await waiting();
    await end(uuid);
    const answered = await answer;
    expect([answered.status, ...new Set(states(answered.json))]).toEqual([200, 'success']);
    expect(answered.headers).not.toHaveProperty('retry-after');
    const isPreferred = Object.keys(headers).length > 0;
    expect(answered.headers['preference-applied']).toBe(isPreferred ? 'wait=30' : undefined);
  });

  it('waits for all tasks of the tag, also those that the other filters do not show', async () => {
    const [one, other] = [await open(), await open(null, 'stop')];
    const answer = get(`/v3/tasks?tag=${tag}&state=failure&limit=1&wait=30`);
    await waiting();
    await end(one, { state: 'failure', fault: { code: 500, message: 'No.' } });
    await get(`/v3/tasks?tag=${tag}&wait=1`);
    expect(waits.count).toBe(1);
    await end(other);
    expect(states((await answer).json)).toEqual(['failure']);
  });

  describe('at the end of the time', () => {
    it('tells things as they are, and when to ask again', async () => {
      const uuid = await open();
      const look = async ([path, status, found]: [string, number, string[] | null]) => {
        const answer = await get(path);
        expect([path, answer.status, answer.headers['retry-after']]).toEqual([path, status, '1']);
        if (found !== null) expect([path, states(answer.json)]).toEqual([path, found]);
      };
      const looks: Parameters<typeof look>[0][] = [
        [`/v3/tasks?tag=${tag}-none&wait=1`, 200, []],
        [`/v3/servers/${tag}-none/tasks?wait=1`, 404, null],
        [`/v3/tasks?tag=${tag}&wait=1`, 200, ['processing']],
        [`/v3/servers/${tag}/tasks?wait=1`, 200, ['processing']],
        [`/v3/tasks/${uuid}?wait=1`, 200, ['processing']],
        [`/v3/tasks?tag=${tag}&wait=0`, 200, ['processing']],
        [`/v3/tasks?tag=${tag}&wait=0&state=success`, 200, []],
      ];
      await Promise.all(looks.map(look));
    });

    it('of at most a minute, however much longer is preferred', async () => {
      await end(await open());
      const { headers } = await get(`/v3/tasks?tag=${tag}`, { Prefer: 'wait=3600' });
      expect(headers['preference-applied']).toBe('wait=60');
    });
  });

  describe('is answered at once', () => {
    it.each([
      '/v3/tasks?tag={tag}&wait=60',
      '/v3/tasks?tag={tag}&wait=0',
      '/v3/tasks?tag={tag}&wait=60&state=failure',
      '/v3/tasks/{uuid}?wait=60',
      '/v3/servers/{tag}/tasks?wait=60',
    ])('when all has ended: %s', async (path) => {
      const uuid = await open();
      await end(uuid);
      const { status, headers } = await get(path.replace('{tag}', tag).replace('{uuid}', uuid));
      expect(status).toBe(200);
      expect(headers).not.toHaveProperty('retry-after');
    });

    it.each([`/v3/tasks/${UNKNOWN}?wait=60`, `/v3/servers/x/tasks/${UNKNOWN}?wait=60`])(
      '404 for a task that does not exist: %s',
      async (path) => {
        const { status, headers } = await get(path, { Prefer: 'wait=60' });
        expect([status, headers['retry-after']]).toEqual([404, undefined]);
      },
    );

    it.each([
      ['/v3/tasks?tag=x&wait=61', 'a whole number of seconds, from 0 to 60'],
      ['/v3/tasks?tag=x&wait=-1', 'a whole number'],
      ['/v3/tasks?tag=x&wait=1.5', 'a whole number'],
      ['/v3/tasks?tag=x&wait=', 'a whole number'],
      ['/v3/tasks?tag=x&wait=1&wait=2', 'given twice'],
      [`/v3/tasks/${UNKNOWN}?wait=x`, 'a whole number'],
      ['/v3/servers/x/tasks?wait=x', 'a whole number'],
      [`/v3/servers/x/tasks/${UNKNOWN}?wait=99`, 'a whole number'],
      ['/v3/tasks?wait=1', 'It needs a tag or a server'],
      ['/v3/tasks?request_id=req-1&wait=1', 'It needs a tag or a server'],
      ['/v3/tasks?tag=x&all_tenants=1&wait=1', 'no all_tenants', 'admin:admin'],
    ])('400 that says what is wrong: %s', async (path, text, token = 'alice:demo') => {
      const { status, json } = await get(path, {}, { token });
      expect([status, json.badRequest.message]).toEqual([400, expect.stringContaining(text)]);
      expect(json.badRequest.message).toContain('wait');
    });

    it.each([
      ['/v3/tasks', 'wait=30'],
      ['/v3/tasks?tag=x&all_tenants=1', 'wait=30', 'admin:admin'],
      ['/v3/tasks?tag=none', 'wait=soon'],
      ['/v3/tasks?tag=none', 'respond-async'],
    ])('a preference that cannot be met is ignored: %s %s', async (path, prefer, token = 'alice:demo') => {
      const { status, headers } = await get(path, { Prefer: prefer }, { token });
      expect([status, headers['preference-applied'], headers['retry-after']]).toEqual([
        200,
        undefined,
        undefined,
      ]);
    });

    it('the parameter wins over the preference', async () => {
      const { headers } = await get(`/v3/tasks?tag=${tag}&wait=0`, { Prefer: 'wait=60' });
      expect([headers['preference-applied'], headers['retry-after']]).toEqual([undefined, '1']);
    });
  });

  it('links to the next page, which does not wait again', async () => {
    for (const task of ['reboot', 'stop']) await end(await open(null, task));
    const { json } = await get(`/v3/tasks?tag=${tag}&wait=1&limit=1`);
    expect(json.tasks_links[0].href).toMatch(
      new RegExp(`/v3/tasks\\?tag=${tag}&limit=1&marker=[0-9a-f-]{36}$`),
    );
  });

  it('answers HEAD in the same way, without a body', async () => {
    const uuid = await open();
    const answer = test.client.call('HEAD', `/v3/tasks?tag=${tag}&wait=30`, CALL);
    await waiting();
    await end(uuid);
    expect(await answer).toMatchObject({ status: 200, text: '' });
  });

  it("never hears of another project's tasks", async () => {
    const foreign = { token: 'bob:elsewhere' };
    const uuid = await open();
    const answer = get(`/v3/tasks?tag=${tag}&wait=2`, {}, foreign);
    await waiting();
    await end(uuid);
    expect(await answer).toMatchObject({ json: { tasks: [] }, headers: { 'retry-after': '1' } });
    expect((await get(`/v3/tasks/${uuid}?wait=2`, {}, foreign)).status).toBe(404);
  });

  it('is counted while it waits, and as a request, but not in how long requests take', async () => {
    const figures = async () => {
      const { text } = await test.client.get('/metrics');
      const value = (name: string) =>
        text
          .split('\n')
          .find((line) => line.startsWith(name))
          ?.replace(/.* /, '') ?? '0';
      const route = 'method="GET",route="/v3/tasks"';
      return [
        value('tasktag_waiters '),
        value(`tasktag_requests_total{${route},status="200"}`),
        value(`tasktag_request_duration_seconds_count{${route}}`),
      ].map(Number) as [number, number, number];
    };
    const [, requests, timed] = await figures();
    const answer = get(`/v3/tasks?tag=${tag}&wait=1`);
    await waiting();
    expect(await figures()).toEqual([1, requests, timed]);
    await answer;
    expect(await figures()).toEqual([0, requests + 1, timed]);
  });

  it('is forgotten at once when its client hangs up', async () => {
    const { hostname, port } = new URL(test.client.url);
    const path = `/v3/tasks?tag=${tag}&wait=60`;
    const outgoing = httpRequest({ hostname, port, path, headers: { 'X-Auth-Token': 'alice:demo' } });
    outgoing.on('error', () => undefined).end();
    await waiting();
    outgoing.destroy();
    await waiting(0);
  });

  it('is answered at once, as things are, when the server stops, and does not hold it up', async () => {
    const other = await startApp();
    const path = `/v3/tasks?tag=${tag}&wait=60`;
    const answers = [path, `/v3/servers/${tag}/tasks?wait=60`].map((one) => other.client.get(one, CALL));
    await until('both to wait', () => other.app.get(TaskWaits, { strict: false }).count === 2);
    const began = performance.now();
    const closed = other.app.close();
    const [list, one] = await Promise.all(answers);
    expect(list).toMatchObject({ status: 200, json: { tasks: [] } });
    expect(one).toMatchObject({ status: 404 });
    for (const answer of [list, one])
      expect(answer?.headers).toMatchObject({ 'retry-after': '1', connection: 'close' });
    await closed;
    expect(performance.now() - began).toBeLessThan(5000);
    other.client.close();
    await other.database.drop();
  });
});
