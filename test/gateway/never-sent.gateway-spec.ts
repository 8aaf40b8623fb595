import { once } from 'node:events';
import { connect } from 'node:net';
import { type GatewayByProxy, startGatewayByProxy } from '../support/openstack/gateway-by-proxy.js';
import { Lab, startGateway } from '../support/openstack/gateway.js';
import { taskToAsk } from '../support/openstack/lab-user.js';
import { expectRefused } from '../support/server/servers.js';
import { until } from '../support/until.js';

const TIMES = { NOVA_TIMEOUT_MS: '1500', NOVA_LONGEST_REQUEST_MS: '5000' };

let names = 0;
const newName = () => `sent-${process.pid}-${(names += 1)}`;

describe('a request', () => {
  const lab = new Lab();
  let { user, nova, test, end } = {} as GatewayByProxy;
  beforeAll(async () => {
    ({ user, nova, test, end } = await startGatewayByProxy(lab, TIMES));
  });
  afterAll(() => end());

  it('that cannot be sent to Nova is told so, and can be sent again under its tag', async () => {
    const name = newName();
    const call = await user.call({ body: await lab.newServer({ name }), tag: name });
    await nova.close();
    const answer = await test.client.call('POST', '/v2.1/servers', call);
    expect(answer).toMatchObject({ status: 503, headers: { 'task-tag': name } });
    expect(answer.json.serviceUnavailable.message).toMatch(/was not sent to it; send it again later/);
    const { json } = await test.client.get(`/v3/servers/${name}/tasks`, await user.call());
    expect(json.tasks).toMatchObject([{ state: 'failure', fault: { code: 503 }, resource: {} }]);

    await nova.open();
    const again = await test.client.call('POST', '/v2.1/servers', call);
    expect(again.status).toBe(202);
    expect((await user.named(name)).map(({ id }) => id)).toEqual([lab.keep(again)]);
    expectRefused(await test.client.call('POST', '/v2.1/servers', call));
  });

  it('that goes to an address which does not exist is told so, and is not kept as accepted', async () => {
    const lost = await startGateway({ NOVA_URL: 'http://nova.invalid:8774' });
    try {
      const call = await user.call({ body: await lab.newServer(), tag: newName() });
      // Twice: the second one is no duplicate.
      for (const _ of [1, 2]) {
        const answer = await lost.client.call('POST', '/v2.1/servers', call);
        expect(answer.status).toBe(503);
      }
    } finally {
      await lost.close();
    }
  });

  it('that got lost on its way to Nova is unknown until Nova can no longer have it, and then may be sent again', async () => {
    const name = newName();
    const call = await user.call({ body: await lab.newServer({ name }), tag: name });
    nova.trouble = 'swallow';
    const answer = await test.client.call('POST', '/v2.1/servers', call);
    nova.trouble = null;
    expect(answer.status).toBe(504);
    expect(await user.task(test.client, taskToAsk(answer))).toMatchObject({ state: 'unknown', fault: null });
    expectRefused(await test.client.call('POST', '/v2.1/servers', call));
    const task = await user.untilEnded(test.client, taskToAsk(answer));
    expect(task).toMatchObject({ state: 'failure', fault: { code: 408 }, resource: {} });
    // No sooner, and no later than two looks after that.
    const age = Date.parse(task.last_updated) - Date.parse(task.start_time);
    expect(age).toBeGreaterThanOrEqual(5000);
    expect(age).toBeLessThan(15_000);

    const again = await test.client.call('POST', '/v2.1/servers', call);
    expect(again.status).toBe(202);
    expect((await user.named(name)).map(({ id }) => id)).toEqual([lab.keep(again)]);
  });

  it('that Nova may have held while it was down is not given up as soon as Nova answers again', async () => {
    const name = newName();
    const call = await user.call({ body: await lab.newServer({ name }), tag: name });
    nova.trouble = 'keep';
    const sentAt = Date.now();
    const answer = await test.client.call('POST', '/v2.1/servers', call);
    expect(answer.status).toBe(504);
    nova.isDown = true;
    await until('the longest time of a request', () => Date.now() > sentAt + 6000);
    nova.isDown = false;
    // It looks for the server, and finds none.
    const { searches } = nova;
    await until('two searches', () => nova.searches >= searches + 2);
    nova.release();
    const task = await user.untilEnded(test.client, taskToAsk(answer));
    expect(task).toMatchObject({ state: 'success', tag: name });
    expect((await user.named(name)).map(({ id }) => id)).toEqual([task.resource.server]);
    expectRefused(await test.client.call('POST', '/v2.1/servers', call));
  });

  it('that Nova refuses is told in its words, is on record, and may be sent again', async () => {
    const name = newName();
    const call = await user.call({ body: await lab.newServer({ name, flavorRef: 'none' }), tag: name });
    for (const count of [1, 2]) {
      const answer = await test.client.call('POST', '/v2.1/servers', call);
      expect(answer).toMatchObject({ status: 400, headers: { 'task-tag': name } });
      expect(answer.json.badRequest.message).toBe('Flavor none could not be found.');
      const { json } = await test.client.get(`/v3/servers/${name}/tasks`, await user.call());
      expect(json.tasks).toHaveLength(count);
      expect(json.tasks[0]).toMatchObject({
        state: 'failure',
        fault: { code: 400, message: 'Flavor none could not be found.' },
        request_id: answer.headers['x-compute-request-id'],
      });
    }
  });

  it.each(['with', 'without'])('%s a tag whose client hangs up goes its way', async (kind) => {
    const name = newName();
    const body = JSON.stringify(await lab.newServer({ name }));
    const { token } = await user.call();
    const { port } = new URL(test.client.url);
    nova.trouble = 'hold';
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      [
        'POST /v2.1/servers HTTP/1.1',
        'Host: cloud.example',
        `X-Auth-Token: ${token}`,
        'OpenStack-API-Version: compute 2.60',
        ...(kind === 'with' ? [`Task-tag: ${name}`] : []),
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n'),
    );
    await nova.untilHeld();
    socket.destroy();
    nova.release();
    const said = nova.said.at(-1);
    const task = await until('the task to be recorded', async () => {
      const { json } = await test.client.get(`/v3/tasks?request_id=${said?.requestId}`, await user.call());
      return json.tasks[0];
    });
    expect(task).toMatchObject({
      tag: kind === 'with' ? name : null,
      resource: { server: said?.json.server.id },
    });
    expect(await user.untilEnded(test.client, task.uuid as string)).toMatchObject({ state: 'success' });
    expect(await user.named(name)).toHaveLength(1);
  });
});
