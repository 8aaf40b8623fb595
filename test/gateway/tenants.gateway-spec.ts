import type { Call } from '../support/network/http.js';
import { Lab, startGateway, untilTaskEnds } from '../support/openstack/gateway.js';
import { LAB_KIND } from '../support/openstack/lab.js';
import type { TestApp } from '../support/server/app.js';
import type { SignIn } from '../support/server/identity.js';
import { expectRefused } from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';

const ALICE: SignIn = { user: 'alice', project: 'alpha' };
const BOB: SignIn = { user: 'bob', project: 'beta' };
const CAROL_IN_ALPHA: SignIn = { user: 'carol', project: 'alpha' };
const CAROL_IN_BETA: SignIn = { user: 'carol', project: 'beta' };

describe('projects of a real cloud are walls', () => {
  const lab = new Lab();
  const tag = `tenants ${process.pid} ${Date.now()}`;
  let test: TestApp;
  beforeAll(async () => {
    test = await startGateway();
  });
  afterAll(async () => {
    await test.close();
    await lab.close();
  });

  const as = (signIn: SignIn): Promise<Call & { tag: string }> => lab.call({ tag }, signIn) as never;

  it('the same tag in two projects is two tags; in one project it is one, whoever sends it', async () => {
    const ofAlice = lab.keep(await test.client.post('/v3/servers', await lab.newServer(), await as(ALICE)));
    const ofBob = lab.keep(await test.client.post('/v3/servers', await lab.newServer(), await as(BOB)));
    expectRefused(await test.client.post('/v3/servers', await lab.newServer(), await as(CAROL_IN_ALPHA)));
    expectRefused(await test.client.post('/v3/servers', await lab.newServer(), await as(CAROL_IN_BETA)));
    for (const [signIn, id] of [
      [ALICE, ofAlice],
      [CAROL_IN_ALPHA, ofAlice],
      [BOB, ofBob],
      [CAROL_IN_BETA, ofBob],
    ] as const) {
      const call = await as(signIn);
      expect(await untilTaskEnds(test.client, tag, call)).toMatchObject({ state: 'success' });
      const { json } = await test.client.get(`/v3/servers/${encodeURIComponent(tag)}/tasks`, call);
      expect(json.tasks.map(({ resource }: any) => resource.server)).toEqual([id]);
      expect((await test.client.get(`/v3/servers/${encodeURIComponent(tag)}`, call)).json.server.id).toBe(id);
    }
    for (const path of [`/v3/servers/${ofAlice}/tasks`, `/v3/servers/${ofAlice}`]) {
      const strange = await test.client.get(path, await as(BOB));
      const missing = await test.client.get(path.replace(ofAlice, ofAlice.replace(/.$/, '_')), await as(BOB));
      expect([strange.status, missing.status]).toEqual([404, 404]);
    }
  });

  it('an action on a server of another project is refused by Nova, and recorded for who sent it', async () => {
    const id = await lab.activeServer();
    const call = { ...(await as(BOB)), tag: `${tag} foreign` };
    expect((await test.client.post(`/v3/servers/${id}/action`, { 'os-stop': null }, call)).status).toBe(404);
    expect(await tasksOf(test.client, await as(ALICE), `?server=${id}`)).toEqual([]);
    expect(await tasksOf(test.client, call, `?server=${id}`)).toEqual([
      expect.objectContaining({ state: 'failure', fault: expect.objectContaining({ code: 404 }) }),
    ]);
  });

  it('administrators find any task, with all_tenants=1; others may not', async () => {
    const query = `?all_tenants=1&tag=${encodeURIComponent(tag)}`;
    const admin = await lab.call({}, { user: 'admin', project: 'admin' });
    expect(await tasksOf(test.client, admin, query)).toHaveLength(2);
    expect((await test.client.get(`/v3/tasks${query}`, await as(ALICE))).status).toBe(403);
  });

  it('a header that only Nova’s own middleware may set makes nobody an administrator', async () => {
    const headers = { 'X-Roles': 'admin', 'X-Is-Admin-Project': 'True', 'X-Identity-Status': 'Confirmed' };
    const forged = { ...(await as(ALICE)), headers: { ...headers, 'X-Project-Id': 'other' } };
    expect((await test.client.get('/v3/tasks?all_tenants=1', forged)).status).toBe(403);
    expect((await test.client.get('/v2.1/os-services', forged)).status).toBe(403);
    expect((await test.client.get('/v2.1/servers', { ...forged, token: null })).status).toBe(401);
  });

  it('a token that is revoked or no token at all is refused, and nothing is recorded', async () => {
    const revoked = await lab.identity.token(ALICE);
    await lab.identity.revoke(revoked);
    for (const token of [revoked, 'nonsense', null]) {
      const call = { token, version: '2.60', tag: `${tag} refused` };
      const answer = await test.client.post('/v3/servers', await lab.newServer(), call);
      expect([answer.status, answer.json.error.title]).toEqual([401, 'Unauthorized']);
    }
    const query = `?tag=${encodeURIComponent(`${tag} refused`)}`;
    expect(await tasksOf(test.client, await as(ALICE), query)).toEqual([]);
  });

  // The older lab's Nova has no `service_type`, without which it takes no token with access rules: its 401 tells the
  // requests that have reached it.
  it('an application credential may do through the gateway what its access rules say, and no more', async () => {
    const token = await lab.token(ALICE);
    const { user } = await lab.identity.show(token);
    const rules = [
      { service: 'compute', method: 'GET', path: '/v2.1/servers/**' },
      { service: 'compute', method: 'GET', path: '/v2.1/tasks' },
      { service: 'compute', method: 'GET', path: '/v2.1/tasks/*' },
      { service: 'compute', method: 'POST', path: '/v2.1/servers' },
    ];
    const body = { application_credential: { name: tag, access_rules: rules } };
    const credentials = `/users/${user.id}/application_credentials`;
    const { json } = await lab.identity.call('POST', credentials, token, { body });
    const { id, secret } = json.application_credential;
    try {
      const limited = {
        version: '2.60',
        tag: `${tag} limited`,
        token: await lab.identity.authenticate({
          identity: { methods: ['application_credential'], application_credential: { id, secret } },
        }),
      };
      const allowed = await test.client.post('/v3/servers', await lab.newServer(), limited);
      const [status, state] = LAB_KIND === 'new' ? [202, 'success'] : [401, 'failure'];
      expect([allowed.status, allowed.headers['task-tag']]).toEqual([status, limited.tag]);
      if (status === 202) lab.keep(allowed);
      const missing = '/v3/servers/5d3a3a8e-8d4c-4dcd-9d57-2d3f8a1d6b10';
      const forbidden = await test.client.post(`${missing}/action`, { 'os-stop': null }, limited);
      expect([forbidden.status, forbidden.headers['task-tag']]).toEqual([401, undefined]);
      expect((await test.client.get('/v3/flavors', limited)).status).toBe(401);
      const task = await untilTaskEnds(test.client, limited.tag, limited);
      expect([task.task, task.state]).toEqual(['create', state]);
      for (const path of [`servers/${encodeURIComponent(limited.tag)}/tasks`, `tasks/${task.uuid}`])
        expect([path, (await test.client.get(`/v3/${path}`, limited)).status]).toEqual([path, 200]);
    } finally {
      await lab.identity.call('DELETE', `${credentials}/${id}`, token);
    }
  });
});
