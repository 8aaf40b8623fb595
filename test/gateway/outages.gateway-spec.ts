import { TcpProxy } from '../support/network/tcp-proxy.js';
import { gatewaySettings, Lab, startGateway } from '../support/openstack/gateway.js';
import { LabUser, taskToAsk } from '../support/openstack/lab-user.js';
import { LAB_KEYSTONE, LAB_NOTIFICATIONS } from '../support/openstack/lab.js';
import { NovaProxy } from '../support/openstack/nova-proxy.js';
import type { TestApp } from '../support/server/app.js';
import { until } from '../support/until.js';

let names = 0;
const newName = () => `outage-${process.pid}-${(names += 1)}`;

const lab = new Lab();
let user: LabUser;
let nova: NovaProxy;
let test: TestApp;
beforeAll(async () => {
  user = await LabUser.in(lab);
  nova = await NovaProxy.to();
});
afterAll(async () => {
  await nova.close();
  await user.remove();
  await lab.close();
});

const create = async (name: string) => user.call({ body: await lab.newServer({ name }), tag: name });

describe('while Keystone is down', () => {
  let keystone: TcpProxy;
  beforeAll(async () => {
    keystone = await TcpProxy.to(LAB_KEYSTONE);
    test = await startGateway({
      OS_AUTH_URL: keystone.url,
      NOVA_URL: nova.url,
      NOVA_TIMEOUT_MS: '10000',
      NOVA_LONGEST_REQUEST_MS: '20000',
    });
  });
  afterAll(async () => {
    await test.close();
    await keystone.cut();
  });

  it('a token that is known goes on, one that is not is answered 503 as by Nova itself, and nothing is sent', async () => {
    const name = newName();
    const known = await create(name);
    // Neither token nor password of theirs has been seen here.
    const stranger = { token: await lab.identity.token({ user: 'bob', project: 'beta' }), version: '2.60' };
    expect((await test.client.get('/v3/tasks', known)).status).toBe(200);
    await keystone.cut();
    try {
      const body = await lab.newServer();
      for (const call of [stranger, { ...stranger, tag: newName() }]) {
        const { status, text, headers } = await test.client.post('/v2.1/servers', body, call);
        expect(status).toBe(503);
        expect(text).toContain('The Keystone service is temporarily unavailable.');
        expect(headers).not.toHaveProperty('task-tag');
      }
      expect((await test.client.get('/v3/tasks', stranger)).status).toBe(503);
      expect(nova.received).toEqual([]);
      // Nova asks Keystone by itself, which is not down for it.
      expect((await test.client.get('/v2.1/servers', stranger)).status).toBe(200);

      const { status } = await test.client.call('POST', '/v2.1/servers', known);
      expect(status).toBe(202);
      const { json } = await test.client.get(`/v3/servers/${name}/tasks`, await user.call());
      const task = await user.untilEnded(test.client, json.tasks[0].uuid as string);
      expect(task.state).toBe('success');
    } finally {
      await keystone.open();
    }
    expect((await test.client.get('/v3/tasks', stranger)).status).toBe(200);
  });

  it('nothing is said of a request whose answer was lost; it is found when Keystone is back', async () => {
    const name = newName();
    nova.trouble = 'reset';
    const answer = test.client.call('POST', '/v2.1/servers', await create(name));
    await keystone.cut();
    expect((await answer).status).toBe(504);
    nova.trouble = null;
    // Without a token of its own from before, and without notifications, it cannot look.
    await test.restart({
      ...gatewaySettings(),
      OS_AUTH_URL: keystone.url,
      NOVA_URL: nova.url,
      NOTIFICATIONS_URL: '',
    });
    try {
      const report = await until('the report', async () => {
        const { status, json } = await test.client.get('/readyz', { token: null });
        return status === 503 && json;
      });
      expect(JSON.stringify(report)).toMatch(/keystone/);
    } finally {
      await keystone.open();
    }
    const task = await user.untilEnded(test.client, taskToAsk(await answer));
    expect(task).toMatchObject({ state: 'success', tag: name });
    expect(await user.named(name)).toHaveLength(1);
  });
});

describe('while RabbitMQ is down', () => {
  let rabbitmq: TcpProxy;
  beforeAll(async () => {
    rabbitmq = await TcpProxy.to(LAB_NOTIFICATIONS);
    test = await startGateway({ NOTIFICATIONS_URL: rabbitmq.url, NOVA_URL: nova.url });
    await untilConnected(1);
  });
  afterAll(async () => {
    await test.close();
    await rabbitmq.cut();
  });

  const metric = async (name: RegExp) => {
    const { text } = await test.client.get('/metrics', { token: null });
    return Number(new RegExp(`^${name.source} (\\S+)$`, 'm').exec(text)?.[1]);
  };
  const untilConnected = (value: number) =>
    until(
      `the connection to be ${value}`,
      async () => (await metric(/tasktag_notifications_connected\{[^}]*\}/)) === value,
      40_000,
    );
  const heard = () => metric(/tasktag_notifications_total\{event="ours"\}/);

  it('tasks end all the same; when it is back, notifications go on', async () => {
    await rabbitmq.cut();
    await untilConnected(0);
    const before = await heard();
    const names = [newName(), newName()];
    nova.trouble = 'reset';
    for (const [n, status] of [504, 202].entries()) {
      const answer = await test.client.call('POST', '/v2.1/servers', await create(names[n] as string));
      expect(answer.status).toBe(status);
      nova.trouble = null;
    }
    for (const name of names) await untilSuccess(name);
    expect(await heard()).toBe(before);

    await rabbitmq.open();
    await untilConnected(1);
    const name = newName();
    expect((await test.client.call('POST', '/v2.1/servers', await create(name))).status).toBe(202);
    await untilSuccess(name);
    await until('notifications', async () => (await heard()) > before);
  });

  async function untilSuccess(name: string): Promise<void> {
    const { json } = await test.client.get(`/v3/servers/${name}/tasks`, await user.call());
    const task = await user.untilEnded(test.client, json.tasks[0].uuid as string);
    expect(task).toMatchObject({ tag: name, state: 'success' });
    expect(await user.named(name)).toHaveLength(1);
  }
});
