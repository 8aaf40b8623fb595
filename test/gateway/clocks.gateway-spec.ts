import { execFileSync } from 'node:child_process';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import type { Call } from '../support/network/http.js';
import { gatewaySettings, Lab } from '../support/openstack/gateway.js';
import { LabUser, taskToAsk } from '../support/openstack/lab-user.js';
import { NovaProxy } from '../support/openstack/nova-proxy.js';
import { ServerProcess } from '../support/server/server-process.js';
import { expectRefused } from '../support/server/servers.js';
import { until } from '../support/until.js';

const NOBODY = { token: null };
const TIMES = { NOVA_TIMEOUT_MS: '3000', NOVA_LONGEST_REQUEST_MS: '4000', NOTIFICATIONS_URL: '' };

/** What a process must have in its environment for its clock to be so much ahead; its timers are right. */
function clockAhead(seconds: number): Record<string, string> {
  const output = execFileSync('faketime', ['-f', `${seconds < 0 ? '' : '+'}${seconds}s`, 'env']).toString();
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(output)?.[1] ?? '';
  return {
    LD_PRELOAD: value('LD_PRELOAD'),
    FAKETIME: value('FAKETIME'),
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
}

describe("a gateway whose clock differs from Nova's", () => {
  const lab = new Lab();
  let user: LabUser;
  let nova: NovaProxy;
  let database: TestDatabase;
  let gateway: ServerProcess | undefined;
  beforeAll(async () => {
    user = await LabUser.in(lab);
  });
  beforeEach(async () => {
    nova = await NovaProxy.to();
    nova.isWithoutDate = true;
    database = await createDatabase('mariadb');
  });
  afterEach(async () => {
    await gateway?.stop();
    gateway = undefined;
    await nova.close();
    await database.drop();
  });
  afterAll(async () => {
    await user.remove();
    await lab.close();
  });

  const start = async (environment: Record<string, string>) => {
    const settings = gatewaySettings({
      DATABASE_URL: database.url,
      NOVA_URL: nova.url,
      LOG_LEVEL: 'info',
      ...TIMES,
    });
    gateway = await ServerProcess.start({ ...settings, ...environment });
    return gateway;
  };

  /** How often Nova has rebooted a server. */
  const reboots = async (id: string): Promise<number> => {
    const { json } = await lab.nova.get(`/v2.1/servers/${id}/os-instance-actions`, await user.call());
    return json.instanceActions.filter(({ action }: { action: string }) => action === 'reboot').length;
  };

  /** Sends a request and loses its answer; gives the task to ask about. */
  const lose = async (path: string, call: Call): Promise<string> => {
    nova.trouble = 'reset';
    const answer = await (gateway as ServerProcess).client.call('POST', path, call);
    nova.trouble = null;
    expect(answer.status).toBe(504);
    return taskToAsk(answer);
  };

  it.each([120, -120])(
    'by %d s, where no answer has a Date, finds what was carried out: a reboot whose answer is lost is done once',
    async (seconds) => {
      const id = await user.activeServer();
      const { client } = await start(clockAhead(seconds));
      const call = await user.call({ tag: 'reboot-once', body: { reboot: { type: 'SOFT' } } });
      const path = `/v2.1/servers/${id}/action`;
      const task = await user.untilEnded(client, await lose(path, call), 90_000);
      expect(task).toMatchObject({ state: 'success', fault: null, accepted: true });
      expectRefused(await client.call('POST', path, call));
      expect(await reboots(id)).toBe(1);

      const name = `clocks-${process.pid}-${seconds}`;
      const create = await user.call({ tag: name, version: '2.37', body: await lab.newServer({ name }) });
      await user.untilEnded(client, await lose('/v2.1/servers', create), 90_000);
      expect(await user.named(name)).toHaveLength(1);
      expectRefused(await client.call('POST', '/v2.1/servers', create));

      const { json, status } = await client.get('/readyz', NOBODY);
      expect(status).toBe(200);
      expect(json.checks.nova_clock).toBe('up');
      const { known_from, ahead_seconds } = json.about.nova_clock;
      expect(known_from).toBe('nova');
      expect(ahead_seconds[0]).toBeLessThan(-seconds + 1);
      expect(ahead_seconds[1]).toBeGreaterThan(-seconds - 1);
      const { text } = await client.get('/metrics', NOBODY);
      expect(text).toMatch(/^tasktag_nova_clock_source\{source="nova"\} 1$/m);
      expect(text).toMatch(/^tasktag_nova_clock_ahead_seconds\{bound="least"\} -?1[12]\d\.\d+$/m);
      expect((gateway as ServerProcess).output).toMatch(/clocks of Nova and of this server differ/);
    },
    240_000,
  );

  it('and that cannot find out by how much says so, and never that something was not accepted', async () => {
    nova.forbidden = /os-simple-tenant-usage/;
    const id = await user.activeServer();
    const { client } = await start(clockAhead(120));
    const call = await user.call({ tag: 'reboot-unknown', body: { reboot: { type: 'SOFT' } } });
    const uuid = await lose(`/v2.1/servers/${id}/action`, call);
    const { json } = await client.get('/readyz', NOBODY);
    expect(json).toMatchObject({
      status: 'ready',
      checks: { nova: 'up', nova_clock: 'down' },
      about: { nova_clock: { known_from: 'none' } },
    });
    expect((gateway as ServerProcess).output).toMatch(/clock is not known/);
    // Twice as long as it takes where the time is known.
    const sentAt = Date.now();
    await until('the time to be over', () => Date.now() > sentAt + 30_000, 40_000);
    expect(await user.task(client, uuid)).toMatchObject({ state: 'unknown', accepted: null });
    expectRefused(await client.call('POST', `/v2.1/servers/${id}/action`, call));

    // Once it is known, the reboot is found.
    nova.forbidden = null;
    expect(await user.untilEnded(client, uuid, 100_000)).toMatchObject({ state: 'success' });
    expect(await reboots(id)).toBe(1);
  }, 180_000);
});
