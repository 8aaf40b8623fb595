import type { Answer, Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { AN_HOUR, ending } from '../support/server/operations.js';
import { CIRROS, createServer, untilEnded, untilServer } from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';

const PLAIN = { token: 'alice:acts' };
const CALL = { ...PLAIN, version: '2.60' };

/** An action that changes the state: what it is called and what it does, on one server after another. */
interface Step {
  body: object;
  status?: number;
  task: string;
  taskState: string | null;
  /** The server's status while it is under way. */
  during: string;
  after: string;
}

const STEPS: Step[] = [
  { body: { 'os-stop': null }, task: 'stop', taskState: 'powering-off', during: 'ACTIVE', after: 'SHUTOFF' },
  { body: { 'os-start': null }, task: 'start', taskState: 'powering-on', during: 'SHUTOFF', after: 'ACTIVE' },
  {
    body: { reboot: { type: 'SOFT' } },
    task: 'reboot',
    taskState: 'rebooting',
    during: 'REBOOT',
    after: 'ACTIVE',
  },
  {
    body: { reboot: { type: 'HARD' } },
    task: 'reboot',
    taskState: 'rebooting_hard',
    during: 'HARD_REBOOT',
    after: 'ACTIVE',
  },
  { body: { pause: null }, task: 'pause', taskState: 'pausing', during: 'ACTIVE', after: 'PAUSED' },
  { body: { unpause: null }, task: 'unpause', taskState: 'unpausing', during: 'PAUSED', after: 'ACTIVE' },
  { body: { suspend: null }, task: 'suspend', taskState: 'suspending', during: 'ACTIVE', after: 'SUSPENDED' },
  { body: { resume: null }, task: 'resume', taskState: 'resuming', during: 'SUSPENDED', after: 'ACTIVE' },
  {
    body: { rebuild: { imageRef: CIRROS } },
    task: 'rebuild',
    taskState: 'rebuilding',
    during: 'REBUILD',
    after: 'ACTIVE',
  },
  {
    body: { resize: { flavorRef: '2' } },
    task: 'resize',
    taskState: 'resize_prep',
    during: 'RESIZE',
    after: 'VERIFY_RESIZE',
  },
  {
    body: { revertResize: null },
    task: 'revertResize',
    taskState: 'resize_reverting',
    during: 'REVERT_RESIZE',
    after: 'ACTIVE',
  },
  {
    body: { resize: { flavorRef: '3' } },
    task: 'resize',
    taskState: 'resize_prep',
    during: 'RESIZE',
    after: 'VERIFY_RESIZE',
  },
  {
    body: { confirmResize: null },
    status: 204,
    task: 'confirmResize',
    taskState: null,
    during: 'VERIFY_RESIZE',
    after: 'ACTIVE',
  },
  {
    body: { rescue: null },
    status: 200,
    task: 'rescue',
    taskState: 'rescuing',
    during: 'ACTIVE',
    after: 'RESCUE',
  },
  { body: { unrescue: null }, task: 'unrescue', taskState: 'unrescuing', during: 'RESCUE', after: 'ACTIVE' },
  {
    body: { shelve: null },
    task: 'shelve',
    taskState: 'shelving',
    during: 'ACTIVE',
    after: 'SHELVED_OFFLOADED',
  },
  {
    body: { unshelve: null },
    task: 'unshelve',
    taskState: 'unshelving',
    during: 'SHELVED_OFFLOADED',
    after: 'ACTIVE',
  },
];

describe('an action on a server', () => {
  let test: TestApp;
  let id: string;
  beforeAll(async () => {
    test = await startApp({ EMBEDDED_TASK_MS: AN_HOUR });
    id = await ending(test, createServer(test.client, {}, PLAIN));
  });
  afterAll(() => test.close());

  const show = async (call: Call = CALL) => (await test.client.get(`/v3/servers/${id}`, call)).json.server;
  const act = (body: object, call: Call = CALL) => test.client.post(`/v3/servers/${id}/action`, body, call);

  it('shows what is done while it is done, and how it ended', async () => {
    for (const [n, { body, status = 202, task, taskState, during, after }] of STEPS.entries()) {
      const tag = `step ${n}`;
      const answer = await act(body, { ...CALL, tag });
      expect({ body, status: answer.status }).toEqual({ body, status });
      expect(answer.headers['task-tag']).toBe(tag);
      const meanwhile = await show();
      expect({
        body,
        during: meanwhile.status,
        taskState: meanwhile['OS-EXT-STS:task_state'],
      }).toEqual({ body, during, taskState });
      const [open] = await tasksOf(test.client, CALL, `?tag=${encodeURIComponent(tag)}`);
      expect(open).toMatchObject({
        task,
        state: 'processing',
        resource: { server: id },
        request_id: answer.headers['x-compute-request-id'],
      });
      const ended = await ending(test, untilEnded(test.client, encodeURIComponent(tag), CALL));
      expect(ended).toMatchObject({ uuid: open.uuid, state: 'success', resource: { server: id } });
      const server = await show();
      expect({ body, after: server.status, taskState: server['OS-EXT-STS:task_state'] }).toEqual({
        body,
        after,
        taskState: null,
      });
    }
    expect((await show()).flavor.original_name).toBe('m1.medium');
  }, 60_000);

  describe('that resizes', () => {
    const flavor = async () => (await show()).flavor.original_name as string;

    it('gives the flavor at its end, and takes it back when it is reverted', async () => {
      const before = await flavor();
      expect((await act({ resize: { flavorRef: '4' } })).status).toBe(202);
      expect(await flavor()).toBe(before);
      await ending(
        test,
        untilServer(test.client, id, ({ status }) => status === 'VERIFY_RESIZE', CALL),
      );
      expect(await flavor()).toBe('m1.large');
      expect((await act({ revertResize: null })).status).toBe(202);
      await ending(
        test,
        untilServer(test.client, id, ({ status }) => status === 'ACTIVE', CALL),
      );
      expect(await flavor()).toBe(before);
    });

    it('must change the flavor to one that there is', async () => {
      const { flavor: now } = (await test.client.get(`/v3/servers/${id}`, { token: CALL.token })).json.server;
      for (const [flavorRef, message] of [
        [now.id, 'When resizing, instances must change flavor!'],
        ['99', 'Flavor 99 could not be found.'],
      ]) {
        const { status, json } = await act({ resize: { flavorRef } });
        expect([status, json.badRequest.message]).toEqual([400, message]);
      }
    });

    it('of a stopped server leaves it stopped', async () => {
      const stopped = await ending(test, createServer(test.client, {}, PLAIN));
      const path = `/v3/servers/${stopped}/action`;
      await test.client.post(path, { 'os-stop': null }, CALL);
      await ending(
        test,
        untilServer(test.client, stopped, ({ status }) => status === 'SHUTOFF', CALL),
      );
      await test.client.post(path, { resize: { flavorRef: '2' } }, CALL);
      await ending(
        test,
        untilServer(test.client, stopped, ({ status }) => status === 'VERIFY_RESIZE', CALL),
      );
      const [confirm, again] = [
        await test.client.post(path, { confirmResize: null }, CALL),
        await test.client.post(path, { confirmResize: null }, CALL),
      ];
      expect([confirm.status, again.status]).toEqual([204, 400]);
      await ending(
        test,
        untilServer(test.client, stopped, ({ status }) => status === 'SHUTOFF', CALL),
      );
    });
  });

  it('that changes the password or the lock is done when it is answered', async () => {
    for (const [body, task] of [
      [{ changePassword: { adminPass: 'hunter2' } }, 'changePassword'],
      [{ lock: null }, 'lock'],
      [{ unlock: null }, 'unlock'],
    ] as const) {
      const answer = await act(body, { ...CALL, tag: task });
      expect([answer.status, answer.text]).toEqual([202, '']);
      const [found] = await tasksOf(test.client, CALL, `?tag=${task}`);
      expect(found).toMatchObject({ task, state: 'success', resource: { server: id } });
      expect((await show()).locked).toBe(task === 'lock');
    }
  });

  it('that rescues or rebuilds answers with a password, the one that was asked for', async () => {
    const rebuilt = await act({ rebuild: { imageRef: CIRROS, adminPass: 'chosen', name: 'new name' } });
    expect(rebuilt.headers['location']).toBe(`${test.client.url}/v3/servers/${id}`);
    expect(rebuilt.json.server).toMatchObject({
      id,
      name: 'new name',
      adminPass: 'chosen',
      status: 'REBUILD',
    });
    await ending(
      test,
      untilServer(test.client, id, ({ status }) => status === 'ACTIVE', CALL),
    );
    const rescued = await act({ rescue: {} });
    expect(rescued.json).toEqual({ adminPass: expect.stringMatching(/^.{8,}$/) });
    await ending(
      test,
      untilServer(test.client, id, ({ status }) => status === 'RESCUE', CALL),
    );
    await act({ unrescue: null });
    await ending(
      test,
      untilServer(test.client, id, ({ status }) => status === 'ACTIVE', CALL),
    );
  });

  it.each([
    ['2.44', (answer: Answer) => answer.headers['location']?.toString().split('/').at(-1), ''],
    ['2.45', (answer: Answer) => answer.json.image_id, undefined],
  ] as const)('that makes an image names it in its answer, as %s does', async (version, idOf, text) => {
    const name = `snap ${version}`;
    const answer = await act(
      { createImage: { name, metadata: { a: 'b' } } },
      { ...CALL, version, tag: name },
    );
    expect(answer.status).toBe(202);
    if (text !== undefined) expect(answer.text).toBe(text);
    const image = idOf(answer) as string;
    expect((await show())['OS-EXT-STS:task_state']).toBe('image_snapshot');
    const path = `/image/v2/images/${image}`;
    expect((await test.client.get(path, CALL)).json.status).toBe('queued');
    const task = await ending(test, untilEnded(test.client, encodeURIComponent(name), CALL));
    expect(task).toMatchObject({ task: 'createImage', state: 'success', resource: { image, server: id } });
    const { json } = await test.client.get(path, CALL);
    expect(json).toMatchObject({ id: image, name, status: 'active', a: 'b', instance_uuid: id });
    const list = await test.client.get(`/image/v2/images?name=${encodeURIComponent(name)}`, CALL);
    expect(list.json.images.map((one: { id: string }) => one.id)).toEqual([image]);
    const copy = await ending(test, createServer(test.client, { imageRef: image }, PLAIN));
    expect((await test.client.get(`/v3/servers/${copy}`, CALL)).json.server.image.id).toBe(image);
  });
});
