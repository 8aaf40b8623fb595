import { Client } from '../support/network/http.js';
import { Lab, startGateway, untilTaskEnds } from '../support/openstack/gateway.js';
import { LAB_GLANCE } from '../support/openstack/lab.js';
import type { TestApp } from '../support/server/app.js';
import { until } from '../support/until.js';

type Step = [action: string, body: unknown, status: string];

/** What is done with one server after the other, and what Nova says of it afterwards. */
const LIFE: Step[] = [
  ['stop', { 'os-stop': null }, 'SHUTOFF'],
  ['start', { 'os-start': null }, 'ACTIVE'],
  ['reboot', { reboot: { type: 'SOFT' } }, 'ACTIVE'],
  ['reboot', { reboot: { type: 'HARD' } }, 'ACTIVE'],
  ['pause', { pause: null }, 'PAUSED'],
  ['unpause', { unpause: null }, 'ACTIVE'],
  ['suspend', { suspend: null }, 'SUSPENDED'],
  ['resume', { resume: null }, 'ACTIVE'],
  ['rescue', { rescue: null }, 'RESCUE'],
  ['unrescue', { unrescue: null }, 'ACTIVE'],
  ['lock', { lock: null }, 'ACTIVE'],
  ['unlock', { unlock: null }, 'ACTIVE'],
  ['shelve', { shelve: null }, 'SHELVED_OFFLOADED'],
  ['unshelve', { unshelve: null }, 'ACTIVE'],
  ['createImage', { createImage: { name: 'tasktag-test-snapshot' } }, 'ACTIVE'],
];

describe.each([
  ['with notifications', {}],
  ['without notifications', { NOTIFICATIONS_URL: '' }],
])('every action ends as Nova’s own data says, %s', (_, settings) => {
  const lab = new Lab();
  let test: TestApp;
  let id: string;
  let steps = 0;
  beforeAll(async () => {
    test = await startGateway(settings);
    id = await lab.activeServer();
  });
  afterAll(async () => {
    await test.close();
    await lab.close();
  });

  /** Carries an action out under a tag of its own, and gives its task when it has ended. */
  async function act(body: unknown, on = id) {
    const call = { ...(await lab.call({ version: '2.60' })), tag: `${on} ${(steps += 1)}` };
    const answer = await test.client.post(`/v3/servers/${on}/action`, body, call);
    if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
    if (answer.json?.image_id !== undefined) await upload(answer.json.image_id as string);
    expect(answer.headers['task-tag']).toBe(call.tag);
    return { answer, task: await untilTaskEnds(test.client, call.tag, call, 60_000) };
  }

  /** Gives an image its bytes, which the lab's driver has none of: a newer Nova goes by them, not by its own event. */
  async function upload(image: string): Promise<void> {
    const token = await lab.token();
    const put = (path: string, value: string) => ({ op: 'add', path, value });
    const glance = new Client(LAB_GLANCE, { keepAlive: false });
    await glance.call('PATCH', `/v2/images/${image}`, {
      token,
      headers: { 'Content-Type': 'application/openstack-images-v2.1-json-patch' },
      body: [put('/disk_format', 'raw'), put('/container_format', 'bare')],
    });
    const headers = { 'Content-Type': 'application/octet-stream' };
    const answer = await glance.call('PUT', `/v2/images/${image}/file`, { token, headers, body: 'x' });
    glance.close();
    expect([answer.status, answer.text]).toEqual([204, '']);
  }

  /** The newest action of a server as `openstack server event list` shows it. */
  async function newestAction(of = id): Promise<any> {
    const { json } = await lab.nova.get(`/v2.1/servers/${of}/os-instance-actions`, await lab.call());
    return json.instanceActions[0];
  }

  it.each(LIFE)('%s', async (name, body, status) => {
    const { task } = await act(body);
    expect(task).toMatchObject({ task: name, state: 'success', fault: null });
    expect((await lab.server(id)).status).toBe(status);
    expect(await newestAction()).toMatchObject({ action: name, request_id: task.request_id });
    await lab.untilStatus(id, status);
  });

  it('rebuild', async () => {
    const { server } = await lab.newServer();
    const { task } = await act({ rebuild: { imageRef: server['imageRef'] } });
    expect(task).toMatchObject({ task: 'rebuild', state: 'success' });
    await lab.untilStatus(id, 'ACTIVE');
  });

  it('resize ends with VERIFY_RESIZE; to confirm and to revert it are tasks of their own', async () => {
    const flavorRef = await lab.flavor('m1.micro');
    for (const [end, ending] of [
      ['revertResize', { revertResize: null }],
      ['confirmResize', { confirmResize: null }],
    ] as const) {
      const { task } = await act({ resize: { flavorRef } });
      expect(task).toMatchObject({ task: 'resize', state: 'success' });
      await lab.untilStatus(id, 'VERIFY_RESIZE');
      const { task: second } = await act(ending);
      expect(second).toMatchObject({ task: end, state: 'success' });
      expect(await newestAction()).toMatchObject({ action: end, request_id: second.request_id });
      await lab.untilStatus(id, 'ACTIVE');
    }
  });

  it('a resize that no host takes is a failure, though Nova keeps quiet about it', async () => {
    const { task } = await act({ resize: { flavorRef: await lab.hugeFlavor() } });
    expect(task).toMatchObject({ task: 'resize', state: 'failure' });
    expect(task.fault.message).toMatch(/No valid host/);
    await lab.untilStatus(id, 'ACTIVE');
  });

  it('delete ends when the server is gone, and is found afterwards', async () => {
    const call = { ...(await lab.call()), tag: `delete ${id}` };
    expect((await test.client.delete(`/v3/servers/${id}`, call)).status).toBe(204);
    const task = await untilTaskEnds(test.client, call.tag, call);
    expect(task).toMatchObject({ task: 'delete', state: 'success', resource: { server: id } });
    // For a moment Nova shows it, as DELETED.
    await until('it to be gone', async () => (await lab.server(id)) === undefined);
    const { json } = await test.client.get(`/v3/servers/${id}/tasks?limit=1`, call);
    expect(json.tasks[0].uuid).toBe(task.uuid);
  });

  it('a server that is deleted while it is built: the create failed, or was through', async () => {
    const call = { ...(await lab.call()), tag: `short-lived ${process.pid} ${steps}` };
    const answer = await test.client.post('/v3/servers', await lab.newServer(), call);
    const short = lab.keep(answer);
    expect((await test.client.delete(`/v3/servers/${short}`, call)).status).toBe(204);
    const tasks = await until('both tasks to end', async () => {
      const { json } = await test.client.get(`/v3/servers/${short}/tasks`, call);
      return json.tasks.every(({ state }: any) => state === 'success' || state === 'failure') && json.tasks;
    });
    const [deletion, creation] = tasks;
    expect(deletion).toMatchObject({ task: 'delete', state: 'success' });
    if (creation.state === 'failure') expect(creation.fault.message).toMatch(/deleted/);
  });
});
