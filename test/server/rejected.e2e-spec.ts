import type { Answer, Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import {
  createServer,
  expectRefused,
  newServer,
  untilEnded,
  untilServer,
} from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';

const UNKNOWN = '11111111-2222-4333-8444-555555555555';

describe('a request that the compute service rejects', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  const act = (id: string, body: object, call: Call) =>
    test.client.post(`/v3/servers/${id}/action`, body, call);

  /** The answer is a fault, and it is on record; the tag is free for the same request. */
  async function expectOnRecord(answer: Answer, status: number, message: string, call: Call): Promise<void> {
    const name = { 400: 'badRequest', 403: 'forbidden', 404: 'itemNotFound', 409: 'conflictingRequest' }[
      status
    ];
    expect([answer.status, answer.json]).toEqual([status, { [name ?? '']: { code: status, message } }]);
    const [task] = await tasksOf(test.client, call);
    expect(task).toMatchObject({
      state: 'failure',
      accepted: call.tag === undefined ? null : false,
      fault: { code: status, message },
      request_id: answer.headers['x-compute-request-id'],
      tag: call.tag ?? null,
    });
    expect(answer.headers['task-tag']).toBe(call.tag);
  }

  describe('when it creates', () => {
    it.each([
      ['an unknown flavor', { flavorRef: '99' }, 'Flavor 99 could not be found.'],
      ['an unknown image', { imageRef: UNKNOWN }, 'Can not find requested image'],
      ['an unknown key pair', { key_name: 'mine' }, 'Invalid key_name provided.'],
      ['too few of many', { min_count: 3, max_count: 2 }, 'min_count must be <= max_count'],
      ['an empty name', { name: '' }, "Invalid input for field/attribute name. Value: . '' is too short"],
      [
        'something that nobody knows',
        { foo: 1 },
        "Invalid input for field/attribute server. Value: {'name': 'vm1', 'imageRef': " +
          "'70a599e0-31e7-49b7-b260-868f441e862b', 'flavorRef': '1', 'foo': 1}. " +
          "Additional properties are not allowed ('foo' was unexpected)",
      ],
    ])('with %s, is on record with its fault, each time', async (what, wrong, message) => {
      const call = { tag: what, token: `alice:${what.replaceAll(' ', '-')}` };
      for (const times of [1, 2]) {
        const answer = await test.client.post('/v3/servers', newServer(wrong), call);
        await expectOnRecord(answer, 400, message, call);
        const { json } = await test.client.get(`/v3/servers/${encodeURIComponent(what)}/tasks`, call);
        expect(json.tasks).toHaveLength(times);
        expect(new Set(json.tasks.map(({ uuid }: { uuid: string }) => uuid)).size).toBe(times);
      }
      expect((await test.client.get(`/v3/servers/${encodeURIComponent(what)}`, call)).status).toBe(404);
    });

    it('may be corrected under the same tag', async () => {
      const call = { tag: 'corrected', token: 'alice:corrected' };
      expect((await test.client.post('/v3/servers', newServer({ flavorRef: '99' }), call)).status).toBe(400);
      const { status, json } = await test.client.post('/v3/servers', newServer(), call);
      expect(status).toBe(202);
      await untilEnded(test.client, 'corrected', call);
      expect((await tasksOf(test.client, call)).map(({ state }) => state)).toEqual(['success', 'failure']);
      const found = await test.client.get('/v3/servers/corrected', call);
      expect(found.json.server.id).toBe(json.server.id);
    });

    it('shows no password and no user data in its fault', async () => {
      const call = { tag: 'secrets', token: 'alice:secrets' };
      for (const wrong of [
        { adminPass: 12345678 },
        { user_data: 'secret: *' },
        { foo: 1, adminPass: 'hunter2' },
      ]) {
        const answer = await test.client.post('/v3/servers', newServer(wrong), call);
        expect(answer.status).toBe(400);
        expect(answer.text).not.toMatch(/12345678|secret:|hunter2/);
      }
      expect(JSON.stringify(await tasksOf(test.client, call))).not.toMatch(/12345678|secret:|hunter2/);
    });
  });

  describe('since the server is in another state', () => {
    it('can be sent again under the same tag when the state is right, and then once', async () => {
      const call = { token: 'alice:states' };
      const id = await createServer(test.client, {}, call);
      const tagged = { ...call, tag: 'start it' };

      for (const times of [1, 2]) {
        const answer = await act(id, { 'os-start': null }, tagged);
        await expectOnRecord(
          answer,
          409,
          `Cannot 'start' instance ${id} while it is in vm_state active`,
          tagged,
        );
        const { json } = await test.client.get('/v3/servers/start%20it/tasks', call);
        expect(json.tasks).toHaveLength(times);
      }
      expect((await act(id, { 'os-stop': null }, call)).status).toBe(202);
      await untilServer(test.client, id, ({ status }) => status === 'SHUTOFF', call);

      expect((await act(id, { 'os-start': null }, tagged)).status).toBe(202);
      expectRefused(await act(id, { 'os-start': null }, tagged));
      await untilServer(test.client, id, ({ status }) => status === 'ACTIVE', call);
      expectRefused(await act(id, { 'os-start': null }, tagged));

      const { json } = await test.client.get('/v3/servers/start%20it/tasks', call);
      expect(json.tasks.map(({ state }: { state: string }) => state)).toEqual([
        'success',
        'failure',
        'failure',
      ]);
      expect(json.tasks.every(({ resource }: { resource: object }) => 'server' in resource)).toBe(true);
    });

    it('since it is busy: the text names the task_state', async () => {
      const call = { token: 'alice:busy', tag: 'pause it' };
      const slow = await startApp({ EMBEDDED_TASK_MS: '60000' });
      try {
        const { json } = await slow.client.post('/v3/servers', newServer(), call);
        const id = json.server.id as string;
        const whileBuilding = await slow.client.post(`/v3/servers/${id}/action`, { pause: null }, call);
        expect(whileBuilding.json.conflictingRequest.message).toBe(
          `Cannot 'pause' instance ${id} while it is in vm_state building`,
        );
      } finally {
        await slow.close();
      }
      const id = await createServer(test.client, {}, call);
      await test.restart({ EMBEDDED_TASK_MS: '60000' });
      const reboot = { reboot: { type: 'HARD' } };
      expect((await act(id, reboot, { token: call.token })).status).toBe(202);
      const answer = await act(id, reboot, call);
      const message = `Cannot 'reboot' instance ${id} while it is in task_state rebooting_hard`;
      await expectOnRecord(answer, 409, message, call);
      await test.restart();
    });

    it('since it is locked: its owner must unlock it, an administrator need not', async () => {
      const call = { token: 'alice:locked', tag: 'stop it' };
      const id = await createServer(test.client, {}, { token: call.token });
      expect((await act(id, { lock: null }, { token: call.token })).status).toBe(202);

      await expectOnRecord(await act(id, { 'os-stop': null }, call), 409, `Instance ${id} is locked`, call);
      const deleted = await test.client.delete(`/v3/servers/${id}`, call);
      await expectOnRecord(deleted, 409, `Instance ${id} is locked`, call);
      expect((await act(id, { 'os-stop': null }, { token: 'admin:locked' })).status).toBe(202);
      await untilServer(test.client, id, ({ status }) => status === 'SHUTOFF', call);

      expect((await act(id, { unlock: null }, { token: call.token })).status).toBe(202);
      expect((await test.client.delete(`/v3/servers/${id}`, call)).status).toBe(204);
    });

    it('since only administrators may do it', async () => {
      const call = { token: 'alice:policy', tag: 'offload it' };
      const id = await createServer(test.client, {}, { token: call.token });
      const answer = await act(id, { shelveOffload: null }, call);
      const message = "Policy doesn't allow os_compute_api:os-shelve:shelve_offload to be performed.";
      await expectOnRecord(answer, 403, message, call);
    });
  });

  describe('since there is no such thing', () => {
    it.each([
      ['an action', 'POST', 'action', { pause: null }],
      ['an interface', 'POST', 'os-interface', { interfaceAttachment: {} }],
      ['a volume', 'POST', 'os-volume_attachments', { volumeAttachment: { volumeId: UNKNOWN } }],
    ])('as the server of %s', async (what, method, route, body) => {
      const call = { token: 'alice:nothing', tag: what };
      const answer = await test.client.call(method, `/v3/servers/${UNKNOWN}/${route}`, { ...call, body });
      await expectOnRecord(answer, 404, `Instance ${UNKNOWN} could not be found.`, call);
    });

    it('as the server to be deleted', async () => {
      const call = { token: 'alice:no-delete', tag: 'delete it' };
      const answer = await test.client.delete(`/v3/servers/${UNKNOWN}`, call);
      await expectOnRecord(answer, 404, `Instance ${UNKNOWN} could not be found.`, call);
    });

    it('as the port or the volume', async () => {
      const call = { token: 'alice:detach', tag: 'detach it' };
      const id = await createServer(test.client, {}, { token: call.token });
      const port = await test.client.delete(`/v3/servers/${id}/os-interface/${UNKNOWN}`, call);
      await expectOnRecord(port, 404, `Port ${UNKNOWN} is not attached to instance ${id}.`, call);
      const volume = await test.client.delete(`/v3/servers/${id}/os-volume_attachments/${UNKNOWN}`, call);
      await expectOnRecord(volume, 404, `Instance ${id} is not attached to volume ${UNKNOWN}`, call);
    });

    it('with an id of any length and of any characters', async () => {
      const token = 'alice:odd-ids';
      for (const id of ['a'.repeat(600), '%F0%9F%9A%80', '%00', 'a%0Ab', "'%20OR%201=1--", '%ff']) {
        const deleted = await test.client.delete(`/v3/servers/${id}`, { token });
        const action = await test.client.post(`/v3/servers/${id}/action`, { pause: null }, { token });
        expect([id, deleted.status, action.status]).toEqual([id, 404, 404]);
      }
    });
  });

  it('without a tag is on record too', async () => {
    const call = { token: 'alice:no-tag' };
    const answer = await test.client.post('/v3/servers', newServer({ flavorRef: '99' }), call);
    await expectOnRecord(answer, 400, 'Flavor 99 could not be found.', call);
  });

  it('is no instance action: Nova keeps none of it', async () => {
    const call = { token: 'alice:history' };
    const id = await createServer(test.client, {}, call);
    await act(id, { unpause: null }, call);
    const { json } = await test.client.get(`/v3/servers/${id}/os-instance-actions`, call);
    expect(json.instanceActions.map(({ action }: { action: string }) => action)).toEqual(['create']);
  });

  it('at the same time many times, is rejected each time and carried out never', async () => {
    const call = { tag: 'crowd', token: 'alice:crowd' };
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => test.client.post('/v3/servers', newServer({ flavorRef: '99' }), call)),
    );
    // While one is being looked at the others are refused; afterwards its key is free again.
    expect(new Set(answers.map(({ status }) => status))).not.toContain(202);
    const rejected = answers.filter(({ status }) => status === 400).length;
    expect(rejected).toBeGreaterThan(0);
    expect(await tasksOf(test.client, call)).toHaveLength(rejected);
    answers.filter(({ status }) => status !== 400).forEach(expectRefused);
  });
});
