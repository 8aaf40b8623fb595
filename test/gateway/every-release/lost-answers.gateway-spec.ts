import type { Answer, Call } from '../../support/network/http.js';
import { type GatewayByProxy, startGatewayByProxy } from '../../support/openstack/gateway-by-proxy.js';
import { Lab } from '../../support/openstack/gateway.js';
import { taskToAsk } from '../../support/openstack/lab-user.js';
import type { Trouble } from '../../support/openstack/nova-proxy.js';
import { expectRefused } from '../../support/server/servers.js';
import { until } from '../../support/until.js';

const TIMES = { NOVA_TIMEOUT_MS: '3000', NOVA_LONGEST_REQUEST_MS: '6000' };

let names = 0;
const newName = () => `lost-${process.pid}-${(names += 1)}`;

/** What may become of an answer, in words. */
const TROUBLES: [Trouble, string][] = [
  ['reset', 'since the connection was cut'],
  ['half', 'for the greater part'],
  ['page', 'and replaced by a page of a load balancer'],
  ['silence', 'and nothing comes'],
];

describe.each([
  ['with notifications', {}, TROUBLES],
  ['without notifications', { NOTIFICATIONS_URL: '' }, TROUBLES.slice(0, 1)],
])('a request whose answer from Nova is lost, %s,', (_, settings, troubles) => {
  const lab = new Lab();
  let { user, nova, test, end } = {} as GatewayByProxy;
  beforeAll(async () => {
    ({ user, nova, test, end } = await startGatewayByProxy(lab, { ...TIMES, ...settings }));
  });
  afterAll(() => end());

  /** Sends a request that meets a trouble; gives the answer, and what Nova says, maybe later than the client waits. */
  async function send(trouble: Trouble, method: string, path: string, call: Call) {
    const before = nova.said.length;
    nova.trouble = trouble;
    try {
      const answer = await test.client.call(method, path, call);
      return { answer, said: () => until('the answer of Nova', () => nova.said[before]) };
    } finally {
      nova.trouble = null;
    }
  }

  /** What a client sees of a tagged request that was lost: not known at first, never done twice, then a success. */
  async function expectFound(trouble: Trouble, method: string, path: string, more: Call): Promise<any> {
    const tag = newName();
    const call = await user.call({ tag, ...more });
    const count = nova.received.length;
    const { answer, said } = await send(trouble, method, path, call);
    expect(answer).toMatchObject({ status: 504, headers: { 'task-tag': tag } });
    const again = await test.client.call(method, path, call);
    expectRefused(again);
    const task = await user.untilEnded(test.client, again.json.conflictingRequest.task.uuid as string);
    expect(task).toMatchObject({ state: 'success', tag, fault: null });
    const { status, requestId } = await said();
    expect(status).toBeLessThan(300);
    expect(task.request_id).toBe(requestId);
    expectRefused(await test.client.call(method, path, call));
    expect(nova.received).toHaveLength(count + 1);
    return task;
  }

  describe.each(troubles)('%s: %s,', (trouble) => {
    it('is told to be unknown with where to ask, and a create is found with its one server', async () => {
      const name = newName();
      const body = await lab.newServer({ name });
      const { answer, said } = await send(
        trouble,
        'POST',
        '/v2.1/servers',
        await user.call({ body, tag: name }),
      );
      const { status, json: made, requestId } = await said();
      expect(status).toBe(202);
      expect(answer).toMatchObject({ status: 504, headers: { 'task-tag': name } });
      if (trouble === 'page') expect(answer.text).toMatch(/^<html>/);
      else expect(answer.text).toMatch(/not known yet whether the request was accepted/);
      const { json } = await test.client.get(`/v3/servers/${name}/tasks`, await user.call());
      expect(json.tasks).toHaveLength(1);
      if (trouble !== 'page') expect(taskToAsk(answer)).toBe(json.tasks[0].uuid);
      const task = await user.untilEnded(test.client, json.tasks[0].uuid as string);
      const server = made.server.id as string;
      expect(task).toMatchObject({ state: 'success', resource: { server }, request_id: requestId });
      expect((await user.named(name)).map(({ id }) => id)).toEqual([server]);
    });
  });

  it('a create of a client that knows no server tags is found', async () => {
    const name = newName();
    const body = await lab.newServer({ name, networks: undefined });
    const task = await expectFound('reset', 'POST', '/v2.1/servers', { body, version: '2.1' });
    expect((await user.named(name)).map(({ id }) => id)).toEqual([task.resource.server]);
  });

  it('a create without a tag is found', async () => {
    const name = newName();
    const call = await user.call({ body: await lab.newServer({ name }) });
    const { answer, said } = await send('reset', 'POST', '/v2.1/servers', call);
    expect(answer.status).toBe(504);
    expect(answer.headers).not.toHaveProperty('task-tag');
    const task = await user.untilEnded(test.client, taskToAsk(answer));
    const { json, requestId } = await said();
    const server = json.server.id as string;
    expect(task).toMatchObject({ state: 'success', resource: { server }, request_id: requestId });
    expect(await user.named(name)).toHaveLength(1);
  });

  it.each([
    ['names the first one only', {}],
    ['names a reservation', { return_reservation_id: true }],
  ])('a create of two servers, of which Nova %s, is found with both', async (_name, more) => {
    const name = newName();
    const body = await lab.newServer({ name, min_count: 2, max_count: 2, ...more });
    const task = await expectFound('reset', 'POST', '/v2.1/servers', { body });
    const servers = (await user.named(name)).map(({ id }) => id);
    expect(servers).toHaveLength(2);
    expect(task.resource.server).toBe(servers[0]);
    const { status, json } = await test.client.get(`/v3/servers/${task.tag}`, await user.call());
    expect(status).toBe(409);
    expect([...json.conflictingRequest.servers].sort()).toEqual([...servers].sort());
  });

  describe('on a server', () => {
    let id: string;
    beforeAll(async () => {
      id = await user.activeServer({ name: newName() });
    });

    const statusIs = (status: string) =>
      until(`status ${status}`, async () => (await lab.server(id)).status === status);

    it.each([
      ['stop', { 'os-stop': null }, 'SHUTOFF'],
      ['start', { 'os-start': null }, 'ACTIVE'],
      ['reboot', { reboot: { type: 'HARD' } }, 'ACTIVE'],
      ['pause', { pause: null }, 'PAUSED'],
      ['unpause', { unpause: null }, 'ACTIVE'],
      ['changePassword', { changePassword: { adminPass: 'secret' } }, 'ACTIVE'],
    ])('a %s is found', async (name, body, status) => {
      const task = await expectFound('reset', 'POST', `/v2.1/servers/${id}/action`, { body });
      expect(task).toMatchObject({ task: name, resource: { server: id } });
      await statusIs(status);
    });

    it('an interface that was attached is found, and no second one is attached', async () => {
      const networks = await lab.nova.get('/v2.1/os-tenant-networks', await user.call({ version: '2.1' }));
      const net = networks.json.networks[0].id as string;
      const body = { interfaceAttachment: { net_id: net } };
      await expectFound('reset', 'POST', `/v2.1/servers/${id}/os-interface`, { body });
      const { json } = await lab.nova.get(`/v2.1/servers/${id}/os-interface`, await user.call());
      expect(json.interfaceAttachments).toHaveLength(1);
    });

    it('of two like each other, one of which was answered, the other one is found', async () => {
      const path = `/v2.1/servers/${id}/action`;
      const [first, second] = [newName(), newName()];
      const body = { changePassword: { adminPass: 'secret' } };
      const answered = await test.client.post(path, body, await user.call({ tag: first }));
      expect(answered.status).toBe(202);
      const lost = await send('reset', 'POST', path, await user.call({ body, tag: second }));
      expect(lost.answer.status).toBe(504);
      const task = await user.untilEnded(test.client, taskToAsk(lost.answer));
      expect(task).toMatchObject({ state: 'success', request_id: (await lost.said()).requestId });
      expect(task.request_id).not.toBe(answered.headers['x-compute-request-id']);
    });

    it('a request that Nova refused is told as not accepted, and may be sent again', async () => {
      // The server runs: it cannot be started.
      const call = await user.call({ body: { 'os-start': null }, tag: newName() });
      const { answer, said } = await send('reset', 'POST', `/v2.1/servers/${id}/action`, call);
      expect((await said()).status).toBe(409);
      expect(answer.status).toBe(504);
      const task = await user.untilEnded(test.client, taskToAsk(answer));
      expect(task).toMatchObject({ state: 'failure', fault: { code: 408 } });
      expectNovasRefusal(await test.client.call('POST', `/v2.1/servers/${id}/action`, call));
    });

    it('a delete is found', async () => {
      await expectFound('reset', 'DELETE', `/v2.1/servers/${id}`, {});
      await until('the server to be gone', async () => (await lab.server(id)) === undefined);
    });
  });
});

/** A 409 that is no refusal of the gateway's. */
function expectNovasRefusal({ status, json }: Answer): void {
  expect(status).toBe(409);
  expect(json.conflictingRequest.message).toMatch(/^Cannot 'start' instance/);
}
