import { startApp, type TestApp } from './support/app.js';
import type { Answer, Call } from './support/http.js';
import { CIRROS, createServer, newServer, untilEnded, untilServer } from './support/servers.js';
import { tasksOf } from './support/tasks.js';
import { until } from './support/until.js';

const PLAIN = { token: 'alice:acts' };
const CALL = { ...PLAIN, version: '2.60' };
const ADMIN = { token: 'admin:acts', version: '2.60' };
const VOLUME = '11111111-2222-4333-8444-555555555555';
const OTHER_VOLUME = '22222222-2222-4333-8444-555555555555';

/** An action that changes the state: what it is called and what it does, on one server after another. */
interface Step {
  body: object;
  status?: number;
  task: string;
  taskState: string | null;
  /** The server's status while it is under way. */
  during: string;
  after: string;
  call?: Call;
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
  { body: { shelve: null }, task: 'shelve', taskState: 'shelving', during: 'ACTIVE', after: 'SHELVED' },
  {
    body: { shelveOffload: null },
    task: 'shelveOffload',
    taskState: 'shelving_offloading',
    during: 'SHELVED',
    after: 'SHELVED_OFFLOADED',
    call: ADMIN,
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
    test = await startApp({ EMBEDDED_TASK_MS: '250' });
    id = await createServer(test.client, {}, PLAIN);
  });
  afterAll(() => test.close());

  const show = async (call: Call = CALL) => (await test.client.get(`/v3/servers/${id}`, call)).json.server;
  const act = (body: object, call: Call = CALL) => test.client.post(`/v3/servers/${id}/action`, body, call);

  it('shows what is done while it is done, and how it ended', async () => {
    for (const [n, { body, status = 202, task, taskState, during, after, call = CALL }] of STEPS.entries()) {
      const tag = `step ${n}`;
      const answer = await act(body, { ...call, tag });
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
      const ended = await untilEnded(test.client, encodeURIComponent(tag), CALL);
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
      await untilServer(test.client, id, ({ status }) => status === 'VERIFY_RESIZE', CALL);
      expect(await flavor()).toBe('m1.large');
      expect((await act({ revertResize: null })).status).toBe(202);
      await untilServer(test.client, id, ({ status }) => status === 'ACTIVE', CALL);
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
      const stopped = await createServer(test.client, {}, PLAIN);
      const path = `/v3/servers/${stopped}/action`;
      await test.client.post(path, { 'os-stop': null }, CALL);
      await untilServer(test.client, stopped, ({ status }) => status === 'SHUTOFF', CALL);
      await test.client.post(path, { resize: { flavorRef: '2' } }, CALL);
      await untilServer(test.client, stopped, ({ status }) => status === 'VERIFY_RESIZE', CALL);
      const [confirm, again] = [
        await test.client.post(path, { confirmResize: null }, CALL),
        await test.client.post(path, { confirmResize: null }, CALL),
      ];
      expect([confirm.status, again.status]).toEqual([204, 400]);
      await untilServer(test.client, stopped, ({ status }) => status === 'SHUTOFF', CALL);
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
    await untilServer(test.client, id, ({ status }) => status === 'ACTIVE', CALL);
    const rescued = await act({ rescue: {} });
    expect(rescued.json).toEqual({ adminPass: expect.stringMatching(/^.{8,}$/) });
    await untilServer(test.client, id, ({ status }) => status === 'RESCUE', CALL);
    await act({ unrescue: null });
    await untilServer(test.client, id, ({ status }) => status === 'ACTIVE', CALL);
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
    const task = await untilEnded(test.client, encodeURIComponent(name), CALL);
    expect(task).toMatchObject({ task: 'createImage', state: 'success', resource: { image, server: id } });
    const { json } = await test.client.get(path, CALL);
    expect(json).toMatchObject({ id: image, name, status: 'active', a: 'b', instance_uuid: id });
    const list = await test.client.get(`/image/v2/images?name=${encodeURIComponent(name)}`, CALL);
    expect(list.json.images.map((one: { id: string }) => one.id)).toEqual([image]);
    const copy = await createServer(test.client, { imageRef: image }, PLAIN);
    expect((await test.client.get(`/v3/servers/${copy}`, CALL)).json.server.image.id).toBe(image);
  });

  describe('that attaches', () => {
    it('an interface is done when answered; detaching it takes its time', async () => {
      const path = `/v3/servers/${id}/os-interface`;
      const list = async () => (await test.client.get(path, CALL)).json.interfaceAttachments as any[];
      const before = await list();
      const { status, json } = await test.client.post(
        path,
        { interfaceAttachment: {} },
        { ...CALL, tag: 'if' },
      );
      expect(status).toBe(200);
      const { port_id, net_id } = json.interfaceAttachment;
      expect(await list()).toHaveLength(before.length + 1);
      expect((await test.client.get(`${path}/${port_id}`, CALL)).json).toEqual(json);
      const [attached] = await tasksOf(test.client, CALL, '?tag=if');
      expect(attached).toMatchObject({
        task: 'attach_interface',
        state: 'success',
        resource: { network: net_id, server: id },
      });

      expect((await test.client.delete(`${path}/${port_id}`, { ...CALL, tag: 'no if' })).status).toBe(202);
      const detached = await untilEnded(test.client, 'no%20if', CALL);
      expect(detached).toMatchObject({
        task: 'detach_interface',
        state: 'success',
        resource: { network: net_id },
      });
      expect(await list()).toEqual(before);
    });

    it('a volume, swaps it and detaches it', async () => {
      const path = `/v3/servers/${id}/os-volume_attachments`;
      const volumes = async () =>
        (await test.client.get(path, CALL)).json.volumeAttachments.map(
          ({ volumeId }: { volumeId: string }) => volumeId,
        );
      const attachment = (volumeId: string) => ({ volumeAttachment: { volumeId } });
      const attach = await test.client.post(path, attachment(VOLUME), { ...CALL, tag: 'attach' });
      expect([attach.status, attach.json.volumeAttachment]).toEqual([
        200,
        { id: VOLUME, volumeId: VOLUME, serverId: id, device: '/dev/vdb' },
      ]);
      const ended = await untilEnded(test.client, 'attach', CALL);
      expect(ended).toMatchObject({ task: 'attach_volume', resource: { volume: VOLUME, server: id } });
      expect((await test.client.post(path, attachment(VOLUME), CALL)).status).toBe(400);

      const swap = await test.client.put(`${path}/${VOLUME}`, attachment(OTHER_VOLUME), {
        ...CALL,
        tag: 'swap',
      });
      expect(swap.status).toBe(202);
      expect(await untilEnded(test.client, 'swap', CALL)).toMatchObject({
        task: 'swap_volume',
        state: 'success',
      });
      expect(await volumes()).toEqual([OTHER_VOLUME]);

      const detach = await test.client.delete(`${path}/${OTHER_VOLUME}`, { ...CALL, tag: 'detach' });
      expect(detach.status).toBe(202);
      expect(await untilEnded(test.client, 'detach', CALL)).toMatchObject({
        task: 'detach_volume',
        resource: { volume: OTHER_VOLUME },
      });
      expect(await volumes()).toEqual([]);
    });
  });

  describe('that the metadata simulate=fail lets end badly', () => {
    it('is a failure with its fault; the server stays as it was, and the tag stays taken', async () => {
      const server = await createServer(test.client, {}, PLAIN);
      const path = `/v3/servers/${server}`;
      const metadata = { metadata: { simulate: 'fail' } };
      expect((await test.client.post(`${path}/metadata`, metadata, CALL)).status).toBe(200);
      const stop = () =>
        test.client.post(`${path}/action`, { 'os-stop': null }, { ...CALL, tag: 'bad stop' });
      expect((await stop()).status).toBe(202);
      expect(await untilEnded(test.client, 'bad%20stop', CALL)).toMatchObject({
        state: 'failure',
        fault: { code: 500, message: expect.stringContaining('simulate=fail') },
        resource: { server },
      });
      const { json } = await test.client.get(path, CALL);
      expect(json.server).toMatchObject({ status: 'ACTIVE', 'OS-EXT-STS:task_state': null });
      expect((await stop()).status).toBe(409);
      const { json: actions } = await test.client.get(`${path}/os-instance-actions`, CALL);
      expect(actions.instanceActions[0]).toMatchObject({ action: 'stop', message: 'Error' });

      expect((await test.client.delete(path, CALL)).status).toBe(204);
      await until('it to be gone', async () => (await test.client.get(path, CALL)).status === 404);
    });

    it('as a create leaves a server in ERROR with its fault', async () => {
      const call = { token: CALL.token, tag: 'bad create' };
      const wanted = newServer({ metadata: { simulate: 'fail' } });
      const { json } = await test.client.post('/v3/servers', wanted, call);
      const task = await untilEnded(test.client, 'bad%20create', call);
      expect(task).toMatchObject({
        state: 'failure',
        fault: { code: 500 },
        resource: { server: json.server.id },
      });
      const { json: shown } = await test.client.get('/v3/servers/bad%20create', CALL);
      expect(shown.server).toMatchObject({
        id: json.server.id,
        status: 'ERROR',
        fault: { code: 500, message: task.fault.message },
      });
    });
  });
});
