import { v4 as uuidv4 } from 'uuid';
import type { Answer, Call } from '../../support/network/http.js';
import { Lab, startGateway, untilTaskEnds } from '../../support/openstack/gateway.js';
import { LAB_KIND } from '../../support/openstack/lab.js';
import { NovaDatabase } from '../../support/openstack/nova-database.js';
import { NovaProxy } from '../../support/openstack/nova-proxy.js';
import type { TestApp } from '../../support/server/app.js';
import type { SignIn } from '../../support/server/identity.js';
import { expectRefused } from '../../support/server/servers.js';

/** Live migrations are the administrators'. */
const ADMIN: SignIn = { user: 'admin', project: 'admin' };

const lab = new Lab();
let nova: NovaProxy;
let test: TestApp;
let database: NovaDatabase;
let tags = 0;
beforeAll(async () => {
  nova = await NovaProxy.to();
  test = await startGateway({ NOVA_URL: nova.url });
  database = await NovaDatabase.open();
});
afterAll(async () => {
  await test.close();
  await nova.close();
  await database.close();
  await lab.close();
});

const newTag = () => `relayed-${process.pid}-${Date.now()}-${(tags += 1)}`;

/** The newest action of a server, as Nova keeps it. */
async function newestAction(server: string): Promise<any> {
  const path = `/v2.1/servers/${server}/os-instance-actions`;
  const { json } = await lab.nova.get(path, await lab.call({}, ADMIN));
  return json.instanceActions[0];
}

async function serverOnFirstHost(): Promise<string> {
  const body = await lab.newServer({ availability_zone: 'nova:lab-compute-1' });
  const id = lab.keep(await lab.nova.post('/v2.1/servers', body, await lab.call({}, ADMIN)));
  await lab.untilStatus(id, 'ACTIVE', ADMIN);
  return id;
}

/** Expects a request to be a task that ends well, as Nova's action of the name does, and to be refused when it is sent again. */
async function expectDone(name: string, server: string, send: (call: Call) => Promise<Answer>, call: Call) {
  const task = await untilTaskEnds(test.client, call.tag as string, call);
  expect(task).toMatchObject({ task: name, state: 'success', fault: null, resource: { server } });
  expect(await newestAction(server)).toMatchObject({ action: name, request_id: task.request_id });
  expectRefused(await send(call));
}

describe('a live migration under way', () => {
  let server: string;
  let migration: number;
  beforeAll(async () => {
    server = await lab.activeServer();
    const body = { 'os-migrateLive': { host: null, block_migration: 'auto' } };
    const call = { ...(await lab.call({ tag: newTag() }, ADMIN)), body };
    expect((await test.client.call('POST', `/v2.1/servers/${server}/action`, call)).status).toBe(202);
    expect(await untilTaskEnds(test.client, call.tag as string, call)).toMatchObject({ state: 'success' });
    await lab.untilStatus(server, 'ACTIVE');
  });
  beforeEach(async () => {
    migration = await database.resumeMigration(server);
  });
  afterEach(async () => {
    nova.trouble = null;
    await database.endMigration(server, migration);
  });

  const cancel = (call: Call) =>
    test.client.call('DELETE', `/v3/servers/${server}/migrations/${migration}`, call);
  const force = (call: Call) =>
    test.client.call('POST', `/v2.1/servers/${server}/migrations/${migration}/action`, {
      ...call,
      body: { force_complete: null },
    });

  it.each([
    ['is cancelled once under a tag', 'live_migration_cancel', cancel],
    ['is forced to its end once under a tag', 'live_migration_force_complete', force],
  ])('%s', async (_, name, send) => {
    const call = await lab.call({ tag: newTag() }, ADMIN);
    const answer = await send(call);
    expect([answer.status, answer.headers['task-tag']]).toEqual([202, call.tag]);
    await expectDone(name, server, send, call);
  });

  it.each([
    ['cancel', 'live_migration_cancel', cancel],
    ['force', 'live_migration_force_complete', force],
  ])('an answer to %s it that was lost is found out', async (_, name, send) => {
    const call = await lab.call({ tag: newTag() }, ADMIN);
    nova.trouble = 'reset';
    expect((await send(call)).status).toBe(504);
    nova.trouble = null;
    await expectDone(name, server, send, call);
  });

  it('that is over is Nova’s to refuse, and the tag is free', async () => {
    await database.endMigration(server, migration);
    for (const [send, status] of [
      [cancel, 409],
      [force, 409],
    ] as const) {
      const tag = newTag();
      const call = await lab.call({ tag }, ADMIN);
      for (let time = 0; time < 2; time += 1) {
        const answer = await send(call);
        expect([answer.status, answer.text]).toEqual([
          status,
          expect.not.stringContaining('already accepted'),
        ]);
      }
      const { json } = await test.client.get(`/v3/tasks?tag=${tag}`, call);
      expect(json.tasks).toEqual([
        expect.objectContaining({ state: 'failure', accepted: false }),
        expect.objectContaining({ state: 'failure', accepted: false }),
      ]);
    }
  });
});

describe('a share', () => {
  it('that Nova does not attach is its refusal, and the tag is free', async () => {
    const server = await lab.activeServer();
    const tag = newTag();
    const call = await lab.call({ tag, version: LAB_KIND === 'new' ? '2.97' : '2.93' });
    const body = { share: { share_id: uuidv4() } };
    const straight = await lab.nova.post(`/v2.1/servers/${server}/shares`, body, call);
    expect(straight.status).toBe(LAB_KIND === 'new' ? 409 : 404);
    for (let time = 0; time < 2; time += 1) {
      const { status, text } = await test.client.post(`/v3/servers/${server}/shares`, body, call);
      expect([status, text]).toEqual([straight.status, straight.text]);
    }
    const { json } = await test.client.get(`/v3/tasks?tag=${tag}`, call);
    expect(json.tasks).toHaveLength(2);
    for (const task of json.tasks)
      expect(task).toMatchObject({
        task: 'attach_share',
        state: 'failure',
        accepted: false,
        fault: { code: straight.status },
      });
  });

  // Older ones have no shares.
  if (LAB_KIND === 'new')
    it('is detached once under a tag', async () => {
      // On a host that needs it for another server, Nova leaves it to Manila as it is.
      const [server, other] = [await serverOnFirstHost(), await serverOnFirstHost()];
      const stop = { ...(await lab.call({}, ADMIN)), body: { 'os-stop': null } };
      await lab.nova.call('POST', `/v2.1/servers/${server}/action`, stop);
      await lab.untilStatus(server, 'SHUTOFF', ADMIN);
      const share = uuidv4();
      await database.attachShare(share, [server, other]);
      try {
        const call = await lab.call({ tag: newTag(), version: '2.97' }, ADMIN);
        const send = (of: Call) => test.client.call('DELETE', `/v3/servers/${server}/shares/${share}`, of);
        const answer = await send(call);
        expect([answer.status, answer.headers['task-tag']]).toEqual([200, call.tag]);
        await expectDone('detach_share', server, send, call);
      } finally {
        await database.dropShare(share);
      }
    });
});

it('both are in the document of a gateway', async () => {
  const { json } = await test.client.get('/openapi.json', { token: null });
  const documented = Object.entries<object>(json.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(documented).toEqual(
    expect.arrayContaining([
      'post /v3/servers/{id}/shares',
      'delete /v3/servers/{id}/shares/{subresource}',
      'delete /v3/servers/{id}/migrations/{subresource}',
      'post /v3/servers/{id}/migrations/{subresource}/action',
    ]),
  );
});
