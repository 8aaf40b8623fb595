import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { TcpProxy } from '../support/network/tcp-proxy.js';
import { gatewaySettings, Lab, startGateway } from '../support/openstack/gateway.js';
import { LabUser } from '../support/openstack/lab-user.js';
import { NovaProxy } from '../support/openstack/nova-proxy.js';
import type { TestApp } from '../support/server/app.js';
import { ServerProcess } from '../support/server/server-process.js';
import { expectRefused } from '../support/server/servers.js';
import { until } from '../support/until.js';

let names = 0;
const newName = () => `database-${process.pid}-${(names += 1)}`;

describe('a gateway whose database is down', () => {
  const lab = new Lab();
  let user: LabUser;
  let server: string;
  let database: TestDatabase;
  let way: TcpProxy;
  let nova: NovaProxy;
  let test: TestApp;
  beforeAll(async () => {
    user = await LabUser.in(lab);
    server = await user.activeServer({ name: newName() });
    database = await createDatabase('mariadb');
    way = await TcpProxy.to(database.url);
    nova = await NovaProxy.to();
  });
  afterAll(async () => {
    await nova.close();
    await way.cut();
    await user.remove();
    await lab.close();
    await database.drop();
  });

  async function start(more: Record<string, string> = {}): Promise<void> {
    test = await startGateway({ DATABASE_URL: way.url, NOVA_URL: nova.url, ...more });
  }

  const reboot = { reboot: { type: 'HARD' } };
  const action = () => `/v2.1/servers/${server}/action`;
  const unrecorded = async () => {
    const { text } = await test.client.get('/metrics', { token: null });
    return Number(/^tasktag_unrecorded_requests_total (\d+)$/m.exec(text)?.[1]);
  };

  /** What holds however the database is down. */
  async function expectHonesty(known: string): Promise<void> {
    const creates = () => nova.received.filter((request) => request === 'POST /v2.1/servers').length;
    const count = creates();
    const [tagged, ...lookUps] = await Promise.all([
      test.client.post('/v2.1/servers', await lab.newServer(), await user.call({ tag: newName() })),
      ...[
        `/v3/servers/${known}/tasks`,
        `/v3/servers/${known}`,
        '/v3/tasks',
        '/v3/servers/no-such-tag/tasks',
      ].map(async (path) => test.client.get(path, await user.call())),
    ]);
    expect(tagged.status).toBe(503);
    expect(tagged.json.serviceUnavailable.message).toMatch(/database does not answer/);
    expect(lookUps.map(({ status }) => status)).toEqual([503, 503, 503, 503]);
    expect(creates()).toBe(count);
    // What needs no record goes on.
    expect((await test.client.get(`/v2.1/servers/${server}`, await user.call())).status).toBe(200);
    expect((await test.client.get('/v2.1/servers/detail', await user.call())).status).toBe(200);
  }

  describe.each([
    ['since it cannot be reached', () => way.cut(), () => way.open()],
    ['since it hangs', () => Promise.resolve(way.freeze()), () => Promise.resolve(way.thaw())],
  ])('%s,', (_, takeAway, bringBack) => {
    beforeAll(() => start());
    afterAll(() => test.close());

    it('refuses what has a tag and what is asked, lets pass what has none, and goes on afterwards', async () => {
      const known = newName();
      const body = await lab.newServer({ name: known });
      expect((await test.client.post('/v2.1/servers', body, await user.call({ tag: known }))).status).toBe(
        202,
      );
      await lab.untilStatus(server, 'ACTIVE');
      const before = await unrecorded();

      await takeAway();
      try {
        const untagged = test.client.post(action(), reboot, await user.call());
        await expectHonesty(known);
        expect((await untagged).status).toBe(202);
        expect(await unrecorded()).toBe(before + 1);
      } finally {
        await bringBack();
      }

      const found = await until('the task', async () => {
        const answer = await test.client.get(`/v3/servers/${known}/tasks`, await user.call());
        return answer.status === 200 && answer.json.tasks[0];
      });
      expect(await user.untilEnded(test.client, found.uuid as string)).toMatchObject({ state: 'success' });
      const missing = await test.client.get('/v3/servers/no-such-tag/tasks', await user.call());
      expect(missing.status).toBe(404);
      expectRefused(await test.client.post('/v2.1/servers', body, await user.call({ tag: known })));
    });

    it('answers as Nova did to a request that was under way, and finds out what became of it', async () => {
      const name = newName();
      const call = await user.call({ tag: name, body: await lab.newServer({ name }) });
      nova.trouble = 'hold';
      const answer = test.client.call('POST', '/v2.1/servers', call);
      await nova.untilHeld();
      await takeAway();
      try {
        nova.release();
        expect(await answer).toMatchObject({ status: 202, headers: { 'task-tag': name } });
      } finally {
        await bringBack();
      }
      const { json } = await answer;
      const task = await until('the end of the task', async () => {
        const found = await test.client.get(`/v3/servers/${name}/tasks`, await user.call());
        return found.json.tasks?.[0]?.state === 'success' && found.json.tasks[0];
      });
      expect(task.resource).toEqual({ server: json.server.id });
      expectRefused(await test.client.call('POST', '/v2.1/servers', call));
      expect(await user.named(name)).toHaveLength(1);
    });
  });

  it('refuses all that would be recorded, where that is wanted', async () => {
    await start({ DATABASE_DOWN: 'refuse' });
    try {
      await way.cut();
      const count = nova.received.length;
      const { status, json } = await test.client.post(action(), reboot, await user.call());
      expect(status).toBe(503);
      expect(json.serviceUnavailable.message).toMatch(/database does not answer/);
      expect(nova.received).toHaveLength(count);
      expect(await unrecorded()).toBe(0);
      await way.open();
      const again = () => user.call().then((call) => test.client.post(action(), reboot, call));
      await until('the database to be found again', async () => (await again()).status === 202);
    } finally {
      await test.close();
    }
  });

  it('says so in its log, and nothing else of the request', async () => {
    await lab.untilStatus(server, 'ACTIVE');
    const gateway = await ServerProcess.start(gatewaySettings({ DATABASE_URL: way.url, NOVA_URL: nova.url }));
    try {
      await way.cut();
      const call = await user.call();
      expect((await gateway.client.post(action(), reboot, call)).status).toBe(202);
      await until('the line', () => gateway.output.includes('A request without a tag goes on unrecorded'));
      expect(gateway.output).not.toContain(call.token);
    } finally {
      await way.open();
      await gateway.stop();
    }
  });
});
