import { NOVA_ANSWERS, saidBy, withIds } from '../support/openstack/nova-answers.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { CIRROS, createServer } from '../support/server/servers.js';

describe('the simulated cloud', () => {
  let test: TestApp;
  let ids: Record<string, string>;
  beforeAll(async () => {
    test = await startApp();
    const server = await createServer(
      test.client,
      { networks: 'none' },
      { token: 'alice:as-nova', version: '2.60' },
    );
    ids = { server, image: CIRROS, flavor: '1' };
  });
  afterAll(() => test.close());

  it.each(NOVA_ANSWERS)('answers $by’s $request at $version as Nova does', async (row) => {
    const { request, version, answer } = withIds(row, ids);
    const [method, path, body] = request;
    const token = row.by === 'admin' ? 'admin:as-nova' : 'alice:as-nova';
    expect(saidBy(await test.client.call(method, `/v2.1${path}`, { token, version, body }))).toEqual(answer);
  });

  it.each([
    ['the route of hypervisors', 'GET', '/os-hypervisors', 'GET /os-hypervisors'],
    ['the route of a flavor', 'POST', '/flavors', 'POST /flavors'],
    ['the route with a project’s id', 'GET', '/as-nova/os-aggregates', 'GET /os-aggregates'],
  ])('tells administrators by %s that it is not simulated', async (_what, method, path, name) => {
    const { status, json } = await test.client.call(method, `/v2.1${path}`, { token: 'admin:as-nova' });
    const message = `${name} is not simulated. A real Nova has it.`;
    expect([status, json]).toEqual([501, { notImplemented: { code: 501, message } }]);
  });

  it.each(['createBackup', 'addSecurityGroup', 'os-getConsoleOutput', 'addFloatingIp'])(
    'tells of the action %s that it is not simulated, and keeps no record',
    async (key) => {
      const call = { token: 'alice:as-nova', tag: key };
      const { status, json } = await test.client.post(
        `/v3/servers/${ids['server']}/action`,
        { [key]: {} },
        call,
      );
      const message = `${key} is not simulated. A real Nova has it.`;
      expect([status, json]).toEqual([501, { notImplemented: { code: 501, message } }]);
      expect((await test.client.get(`/v3/servers/${key}/tasks`, call)).status).toBe(404);
    },
  );

  it('has no server groups, allows none and refuses one in its own words', async () => {
    const call = { token: 'alice:as-nova', version: '2.60' };
    expect((await test.client.get('/v3/os-server-groups', call)).json).toEqual({ server_groups: [] });
    const group = { name: 'g', policies: ['soft-affinity'] };
    const { status, json } = await test.client.post('/v3/os-server-groups', { server_group: group }, call);
    const message = 'Quota exceeded, too many server groups. The simulated cloud has none.';
    expect([status, json]).toEqual([403, { forbidden: { code: 403, message } }]);
    const empty = await test.client.post('/v3/os-server-groups', { server_group: {} }, call);
    expect(saidBy(empty)).toEqual([
      400,
      "Invalid input for field/attribute server_group. Value: {}. 'name' is a required property",
    ]);
  });

  it('shows usage of the own project to nobody, and says so', async () => {
    const { status } = await test.client.get('/v3/os-simple-tenant-usage/as-nova', {
      token: 'alice:as-nova',
    });
    expect(status).toBe(501);
  });
});
