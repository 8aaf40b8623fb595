import type { Call } from '../../support/network/http.js';
import { Lab, startGateway, untilTaskEnds } from '../../support/openstack/gateway.js';
import { type TestApp } from '../../support/server/app.js';
import { expectRefused } from '../../support/server/servers.js';
import { tasksOf } from '../../support/server/tasks.js';

describe('requests that are forwarded to Nova', () => {
  const lab = new Lab();
  let test: TestApp;
  let tags = 0;
  beforeAll(async () => {
    test = await startGateway();
  });
  afterAll(async () => {
    await test.close();
    await lab.close();
  });

  const newTag = () => `forward ${process.pid} ${Date.now()} ${(tags += 1)}`;

  async function tagged(more: Call = {}): Promise<Call & { tag: string }> {
    return { ...(await lab.call(more)), tag: newTag() };
  }

  /** Creates a server under a tag and waits for its end. */
  async function create(more: object = {}, call?: Call & { tag: string }) {
    const used = call ?? (await tagged());
    const answer = await test.client.post('/v3/servers', await lab.newServer(more), used);
    const id = lab.keep(answer);
    return { id, answer, task: await untilTaskEnds(test.client, used.tag, used), call: used };
  }

  it('a create is accepted once, found by its tag, and ends as Nova’s own data says', async () => {
    const { id, answer, task, call } = await create();
    expect([answer.status, answer.headers['task-tag']]).toEqual([202, call.tag]);
    expect(answer.headers['location']).toBe(`${test.client.url}/v2.1/servers/${id}`);
    expectRefused(await test.client.post('/v2.1/servers', await lab.newServer(), call));
    expect((await lab.server(id)).status).toBe('ACTIVE');
    expect(task).toMatchObject({ task: 'create', state: 'success', resource: { server: id }, fault: null });
    const { json } = await test.client.get(`/v3/servers/${id}/os-instance-actions`, await lab.call());
    expect(json.instanceActions.map((action: any) => [action.action, action.request_id])).toEqual([
      ['create', task.request_id],
    ]);
    const byTag = await test.client.get(`/v3/servers/${encodeURIComponent(call.tag)}`, await lab.call());
    expect([byTag.json.server.id, byTag.headers['task-tag']]).toEqual([id, call.tag]);
  });

  it('its end is known within a second of Nova’s', async () => {
    const lags: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      const call = await tagged();
      const id = lab.keep(await test.client.post('/v3/servers', await lab.newServer(), call));
      const [atNova, here] = await Promise.all([
        lab.untilStatus(id, 'ACTIVE').then(() => performance.now()),
        untilTaskEnds(test.client, call.tag, call).then(() => performance.now()),
      ]);
      lags.push(here - atNova);
    }
    // The machine may be busy with something else now and then.
    expect(Math.min(...lags)).toBeLessThan(1000);
  });

  it('Nova gets the request as it came, but for the tag, a request id and the marker', async () => {
    const { id } = await create({ metadata: { own: 'item' } }, await tagged({ version: '2.51' }));
    const server = await lab.server(id);
    const [task] = await tasksOf(test.client, await lab.call(), `?server=${id}`);
    expect(server.metadata).toEqual({ own: 'item', 'tasktag:task': task.uuid });
    const { id: other } = await create({ tags: ['own'] });
    const [otherTask] = await tasksOf(test.client, await lab.call(), `?server=${other}`);
    expect((await lab.server(other)).tags.sort()).toEqual(['own', `task-${otherTask.uuid}`].sort());
  });

  it('a request without a tag is recorded, and its server has no marker', async () => {
    const call = await lab.call();
    const answer = await test.client.post('/v3/servers', await lab.newServer(), call);
    const id = lab.keep(answer);
    expect(answer.headers['task-tag']).toBeUndefined();
    await lab.untilStatus(id, 'ACTIVE');
    const server = await lab.server(id);
    expect([server.tags, server.metadata]).toEqual([[], {}]);
    const [task] = await tasksOf(test.client, call, `?server=${id}`);
    expect(task).toMatchObject({ task: 'create', tag: null, resource: { server: id } });
  });

  it('the client’s own global request id finds the task', async () => {
    const globalId = 'req-3b2d7d5e-4d9c-4ddc-9d4c-0d3a3f3f6a11';
    const call = await tagged({ headers: { 'X-OpenStack-Request-ID': globalId } });
    const { task } = await create({}, call);
    const found = await tasksOf(test.client, call, `?request_id=${globalId}`);
    expect(found.map(({ uuid }) => uuid)).toContain(task.uuid);
  });

  it('several servers of one create are one task, found by each of them', async () => {
    const call = await tagged();
    const body = await lab.newServer({ max_count: 3, min_count: 3, name: `several-${process.pid}` });
    lab.keep(await test.client.post('/v3/servers', body, call));
    expect(await untilTaskEnds(test.client, call.tag, call)).toMatchObject({ state: 'success' });
    const servers = await lab.named(`several-${process.pid}-[0-9]`);
    expect(servers).toHaveLength(3);
    for (const { id } of servers) {
      lab.keepId(id);
      const { json } = await test.client.get(`/v3/servers/${id}/tasks`, call);
      expect(json.tasks).toEqual([expect.objectContaining({ tag: call.tag, state: 'success' })]);
    }
    expect((await test.client.get(`/v3/servers/${encodeURIComponent(call.tag)}`, call)).status).toBe(409);
  });

  it('a create that is answered with a reservation is followed all the same', async () => {
    const call = await tagged();
    const name = `reserved-${process.pid}`;
    const body = await lab.newServer({ return_reservation_id: true, max_count: 2, min_count: 2, name });
    const { status, json } = await test.client.post('/v3/servers', body, call);
    expect([status, Object.keys(json)]).toEqual([202, ['reservation_id']]);
    const task = await untilTaskEnds(test.client, call.tag, call);
    const ids = (await lab.named(`${name}-[0-9]`)).map(({ id }) => id);
    for (const id of ids) lab.keepId(id);
    expect(ids).toHaveLength(2);
    expect(task.state).toBe('success');
    expect(ids).toContain(task.resource.server);
  });

  it('a create that no host takes ends as a failure, with Nova’s reason', async () => {
    const { task, id } = await create({ flavorRef: await lab.hugeFlavor() });
    expect((await lab.server(id)).status).toBe('ERROR');
    expect(task).toMatchObject({ state: 'failure', resource: { server: id } });
    expect(task.fault.message).toMatch(/No valid host/);
  });

  describe('what Nova refuses is on record, and may be sent again under its tag', () => {
    it.each([
      ['an image that is not there', { imageRef: '5d3a3a8e-8d4c-4dcd-9d57-2d3f8a1d6b10' }, 400],
      ['a body that its schema refuses', { name: '' }, 400],
    ])('%s', async (_, more, status) => {
      const call = await tagged();
      for (let n = 1; n <= 2; n += 1) {
        const answer = await test.client.post('/v3/servers', await lab.newServer(more), call);
        expect([answer.status, answer.headers['task-tag']]).toEqual([status, call.tag]);
        const tasks = await tasksOf(test.client, call, `?tag=${encodeURIComponent(call.tag)}`);
        expect(tasks).toHaveLength(n);
        expect(tasks[0]).toMatchObject({ state: 'failure', fault: { code: status } });
        expect(tasks[0].fault.message).toBe(answer.json.badRequest.message);
        expect(tasks[0].request_id).toBe(answer.headers['x-compute-request-id']);
      }
    });

    it('a server that is not there, an action that is not one', async () => {
      const call = await tagged();
      const missing = '/v3/servers/5d3a3a8e-8d4c-4dcd-9d57-2d3f8a1d6b10';
      expect((await test.client.delete(missing, call)).status).toBe(404);
      expect((await test.client.post(`${missing}/action`, { noSuchAction: null }, call)).status).toBe(400);
      const tasks = await tasksOf(test.client, call, `?tag=${encodeURIComponent(call.tag)}`);
      expect(tasks.map(({ task, state }) => [task, state])).toEqual([
        ['noSuchAction', 'failure'],
        ['delete', 'failure'],
      ]);
    });

    it('two actions at once: Nova’s 409 is a rejection, no refusal', async () => {
      const id = await lab.activeServer();
      const call = await tagged();
      const path = `/v3/servers/${id}/action`;
      await test.client.post(path, { pause: null }, call);
      await untilTaskEnds(test.client, call.tag, call);
      const conflict = await test.client.post(path, { suspend: null }, { ...call, tag: newTag() });
      expect(conflict.status).toBe(409);
      expect(conflict.json.conflictingRequest.message).toMatch(/^Cannot 'suspend' instance/);
      const [task] = await tasksOf(test.client, call, `?server=${id}`);
      expect(task).toMatchObject({ task: 'suspend', state: 'failure', fault: { code: 409 } });
    });

    it('a quota that is exceeded', async () => {
      const call = await tagged();
      const many = await lab.newServer({ max_count: 100_000, min_count: 100_000 });
      const answer = await test.client.post('/v3/servers', many, call);
      expect(answer.status).toBe(403);
      const [task] = await tasksOf(test.client, call, `?tag=${encodeURIComponent(call.tag)}`);
      expect(task).toMatchObject({ state: 'failure', fault: { code: 403 } });
      expect(task.fault.message).toMatch(/^Quota exceeded/);
    });

    it('but what is no request at all is refused unrecorded', async () => {
      const call = await tagged();
      const json = { 'Content-Type': 'application/json' };
      expect((await test.client.post('/v3/servers', '{', { ...call, headers: json })).status).toBe(400);
      const xml = { 'Content-Type': 'application/xml' };
      expect((await test.client.post('/v3/servers', '<a/>', { ...call, headers: xml })).status).toBe(415);
      expect((await test.client.get(`/v3/servers/${encodeURIComponent(call.tag)}/tasks`, call)).status).toBe(
        404,
      );
    });
  });

  it('a tag on an action that only reads is ignored', async () => {
    const id = await lab.activeServer();
    const call = await tagged();
    const body = { 'os-getConsoleOutput': {} };
    for (let n = 0; n < 2; n += 1) {
      const answer = await test.client.post(`/v3/servers/${id}/action`, body, call);
      expect([answer.status, answer.headers['task-tag']]).toEqual([200, undefined]);
    }
  });
});
