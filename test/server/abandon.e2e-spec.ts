import { DataSource } from 'typeorm';
import { TokenValidator } from '../../src/identity/token-validator.js';
import { DuplicateCounts } from '../../src/tasks/duplicates/duplicate-counts.js';
import { Retention } from '../../src/tasks/retention/retention.js';
import { Task } from '../../src/tasks/task.entity.js';
import { TASKS_OPTIONS, type TasksOptions } from '../../src/tasks/tasks.options.js';
import { startApp, type TestApp } from '../support/server/app.js';
import type { Answer, Call } from '../support/network/http.js';
import { bytes } from '../support/network/http.js';
import { countServers, createServer, newServer, untilEnded } from '../support/server/servers.js';
import { asRefused, tasksOf } from '../support/server/tasks.js';

const GONE = 'This tag was abandoned: no request under it is carried out any more. Choose a new tag.';

describe.each(['group', 'refuse'])('a tag that is abandoned (TAG_REUSE=%s)', (TAG_REUSE) => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp({ TAG_REUSE });
  });
  afterAll(() => test.close());

  const abandon = (tag: unknown, call: Call = {}, more: object = {}, path = '/v3/tasks/action') =>
    test.client.post(path, { abandon: { tag, ...more } }, call);
  const create = (tag: string, call: Call = {}, more: object = {}): Promise<Answer> =>
    test.client.post('/v3/servers', newServer(more), { ...call, tag });

  it('before its request arrives: that is answered 410 whatever it is, and never carried out', async () => {
    const call = { token: 'alice:early' };
    const id = await createServer(test.client, {}, call);
    const { status, json } = await abandon('early', call, { reason: 'the order was cancelled' });
    expect(status).toBe(200);
    const { uuid, start_time: at } = json.task;
    expect(json.task).toEqual({
      uuid: expect.any(String),
      task: 'abandon',
      state: 'failure',
      accepted: false,
      ended: true,
      resource: {},
      request_id: expect.stringMatching(/^req-/),
      user_id: 'alice',
      project_id: 'early',
      start_time: expect.any(String),
      last_updated: at,
      tag: 'early',
      fault: { code: 410, message: GONE },
      resolved: { by: 'alice', at, reason: 'the order was cancelled' },
      sent_at: null,
      answered_at: null,
      ended_at: at,
      expires_at: null,
      duplicates: { refused: 0, answered: 0, last_at: null },
      observation: null,
    });

    const late = [
      await create('early', call),
      await create('early', { token: 'bob:early' }),
      await create('early', call, { name: 'another' }),
      await test.client.post(`/v3/servers/${id}/action`, { 'os-stop': null }, { ...call, tag: 'early' }),
      await test.client.delete(`/v3/servers/${id}`, { ...call, tag: 'early' }),
    ];
    for (const answer of late) {
      expect(answer.status).toBe(410);
      expect(answer.json).toEqual({ gone: { code: 410, message: GONE, task: asRefused(json.task) } });
      expect(answer.headers['task-tag']).toBe('early');
      expect(answer.headers['link']).toMatch(`/v3/tasks/${uuid}>; rel="related"`);
    }
    expect(await countServers(test.client, call)).toBe(1);
    expect((await test.client.get(`/v3/servers/${id}`, call)).json.server.status).toBe('ACTIVE');
  });

  it('shows that by its tag and by its id, and no server', async () => {
    const call = { token: 'alice:shown' };
    const { task } = (await abandon('shown', call)).json;
    await create('shown', call);
    await test.app.get(DuplicateCounts, { strict: false }).flush();
    const found = await tasksOf(test.client, call, '?tag=shown');
    const duplicates = { refused: 1, answered: 0, last_at: expect.any(String) };
    expect(found.at(-1)).toEqual({ ...task, duplicates });
    for (const { state, accepted, fault } of found)
      expect({ state, accepted, code: fault.code }).toEqual({ state: 'failure', accepted: false, code: 410 });
    const byPath = await test.client.get('/v3/servers/shown/tasks', call);
    expect([byPath.status, byPath.json.tasks]).toEqual([200, found]);
    expect((await test.client.get(`/v3/tasks/${task.uuid}`, call)).json.task).toEqual(found.at(-1));
    expect((await test.client.get('/v3/servers/shown', call)).status).toBe(404);
  });

  it('again: the answer is the first one, and of many at once as well', async () => {
    const call = { token: 'alice:again' };
    const first = await abandon('again', call, { reason: 'one' });
    const second = await abandon('again', { token: 'bob:again' }, { reason: 'two' });
    expect([second.status, second.json]).toEqual([200, first.json]);
    const many = await Promise.all(Array.from({ length: 20 }, () => abandon('at once', call)));
    const tasks = await tasksOf(test.client, call, '?tag=at%20once');
    expect(tasks).toHaveLength(1);
    for (const { status, json } of many) expect([status, json.task]).toEqual([200, tasks[0]]);
  });

  it('when its request was accepted already: 409 with the tasks, and nothing changes', async () => {
    const call = { token: 'alice:late' };
    expect((await create('late', call)).status).toBe(202);
    const done = await untilEnded(test.client, 'late', call);
    const { status, json } = await abandon('late', call);
    expect(status).toBe(409);
    expect(json.conflictingRequest).toEqual({
      code: 409,
      message: expect.stringMatching(/^It is too late .* Nothing was stopped/),
      tasks: [asRefused(done)],
    });
    expect((await tasksOf(test.client, call)).map(asRefused)).toEqual([asRefused(done)]);
    expect((await create('late', call)).status).toBe(409);
  });

  it.each(['pending', 'unknown', 'processing', 'failure'] as const)(
    'when its request is %s: 409, for it may have been accepted',
    async (state) => {
      const call = { token: 'alice:open' };
      await create(`is ${state}`, call);
      await untilEnded(test.client, `is%20${state}`, call);
      await test.app
        .get(DataSource)
        .getRepository(Task)
        .update({ tag: `is ${state}` }, { state });
      const { status, json } = await abandon(`is ${state}`, call);
      expect([status, json.conflictingRequest.tasks.map((task: any) => task.state)]).toEqual([409, [state]]);
    },
  );

  it('when its request was rejected: that was not accepted, so it is not too late', async () => {
    const call = { token: 'alice:rejected' };
    expect((await create('rejected', call, { flavorRef: 'no such' })).status).toBe(400);
    const { status, json } = await abandon('rejected', call);
    expect([status, json.task?.task]).toEqual([200, 'abandon']);
    expect((await create('rejected', call)).status).toBe(410);
  });

  it('is one of the project: the same tag of another goes on, and tells nothing', async () => {
    expect((await create('theirs', { token: 'bob:blue' })).status).toBe(202);
    expect((await abandon('theirs', { token: 'alice:red' })).status).toBe(200);
    expect((await create('theirs', { token: 'alice:red' })).status).toBe(410);
    expect((await create('theirs', { token: 'carol:green' })).status).toBe(202);
    expect(await tasksOf(test.client, { token: 'bob:blue' }, '?tag=theirs')).toMatchObject([
      { task: 'create' },
    ]);
  });

  it.each(['/v2.1/tasks/action', '/v2.1/paths/tasks/action', '/v3/paths/tasks/action'])(
    'at %s as well',
    async (path) => {
      const call = { token: 'alice:paths' };
      expect((await abandon(path, call, {}, path)).status).toBe(200);
      expect((await create(path, call)).status).toBe(410);
    },
  );

  it.each([
    ['a dot', '.'],
    ['Tag', 'Tag'],
    ['tag', 'tag'],
    ['a blank at the end', 'tag '],
    ['UTF-8', 'größe 😀'],
    ['255 bytes', 'x'.repeat(255)],
    ['254 bytes in UTF-8', 'é'.repeat(127)],
  ])('may be any text, and no other: %s', async (_, text) => {
    const call = { token: 'alice:texts' };
    expect((await abandon(text, call)).status).toBe(200);
    expect((await create(bytes(text), call)).status).toBe(410);
    expect((await create(bytes(text).slice(0, 254) + '!', call)).status).toBe(202);
  });

  it('ignores a tag of the action itself', async () => {
    const call = { token: 'alice:header', tag: 'own' };
    const { status, headers } = await abandon('other', call);
    expect([status, headers['task-tag']]).toEqual([200, undefined]);
    expect((await create('own', call)).status).toBe(202);
  });
});

describe('the body of POST /v3/tasks/action', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  it.each([
    [undefined, /^The body must be/],
    ['[]', /^The body must be/],
    ['{}', /^The body must be/],
    ['{', /^Malformed request body/],
    [{ forget: { tag: 'a' } }, /^The body must be/],
    [{ abandon: { tag: 'a' }, resolve: {} }, /^The body must be/],
    [{ abandon: 'a' }, /abandon\. It must be an object/],
    [{ abandon: {} }, /tag\. It must be a text of 1 to 255 bytes/],
    [{ abandon: { tag: 1 } }, /tag\. It must be a text/],
    [{ abandon: { tag: '' } }, /tag\. It is empty/],
    [{ abandon: { tag: 'é'.repeat(128) } }, /tag\. It has 256 bytes\. At most 255/],
    [{ abandon: { tag: 'a\nb' } }, /tag\. It has a control character/],
    ['{"abandon": {"tag": "\\ud83d"}}', /tag\. It must be a text/],
    [{ abandon: { tag: 'a', reason: 1 } }, /reason\. It must be a text of at most 255/],
    [{ abandon: { tag: 'a', reason: 'x'.repeat(256) } }, /reason\. It must be a text of at most 255/],
    [{ abandon: { tag: 'a', reason: 'a\0b' } }, /reason\. It must be a text of at most 255/],
    [{ abandon: { tag: 'a', force: true } }, /'force' was unexpected/],
    ['{"abandon": {"tag": "a", "__proto__": 1}}', /'__proto__' was unexpected/],
  ])('is refused, with what is wrong: %p', async (body, message) => {
    const { status, json } = await test.client.call('POST', '/v3/tasks/action', { body });
    expect([status, json.badRequest?.message]).toEqual([400, expect.stringMatching(message)]);
    expect(await tasksOf(test.client)).toEqual([]);
  });

  it('comes with a valid token', async () => {
    const { status } = await test.client.post('/v3/tasks/action', {}, { token: null });
    expect(status).toBe(401);
  });
});

describe('an abandoned tag', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp({ TASK_RETENTION: '1d' });
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => test.close());

  const abandon = (tag: string) => test.client.post('/v3/tasks/action', { abandon: { tag } });
  const create = (tag: string) => test.client.post('/v3/servers', newServer(), { tag });

  it('is abandoned by who may create a server, not by who may only read', async () => {
    const validate = jest.spyOn(test.app.get(TokenValidator, { strict: false }), 'validate');
    const as = (...roles: string[]) =>
      validate.mockResolvedValueOnce({ userId: 'rita', projectId: 'demo', roles, isAdmin: false });
    for (const roles of [['reader'], ['Reader'], []]) {
      as(...roles);
      const { status, json } = await abandon('mine');
      const message = "Policy doesn't allow tasktag:tasks:abandon to be performed.";
      expect([status, json]).toEqual([403, { forbidden: { code: 403, message } }]);
    }
    for (const roles of [['member', 'reader'], ['_member_']]) {
      as(...roles);
      expect((await abandon(`of ${roles.join()}`)).status).toBe(200);
    }
    expect((await create('mine')).status).toBe(202);
  });

  it('stays so when the server is started anew, whatever TAG_REUSE says then', async () => {
    await abandon('before');
    await test.restart({ TASK_RETENTION: '1d', TAG_REUSE: 'refuse' });
    await abandon('between');
    for (const tag of ['before', 'between']) expect((await create(tag)).status).toBe(410);
    await test.restart({ TASK_RETENTION: '1d' });
    for (const tag of ['before', 'between']) {
      expect((await create(tag)).status).toBe(410);
      expect((await abandon(tag)).status).toBe(200);
    }
  });

  it('is kept as long as a task, and is free after that', async () => {
    await abandon('old');
    const options = test.app.get<TasksOptions>(TASKS_OPTIONS);
    const now = options.now;
    options.now = () => now() + 90_000_000 + 7_200_000;
    expect((await create('old')).status).toBe(410);
    while (await test.app.get(Retention).sweep());
    expect(await tasksOf(test.client, {}, '?tag=old')).toMatchObject([{ task: 'create', accepted: false }]);
    expect((await create('old')).status).toBe(202);
  });
});
