import { type GatewayByProxy, startGatewayByProxy } from '../support/openstack/gateway-by-proxy.js';
import { Lab, startGateway, untilTaskEnds } from '../support/openstack/gateway.js';
import { LabUser, taskToAsk } from '../support/openstack/lab-user.js';
import { NovaProxy } from '../support/openstack/nova-proxy.js';
import type { TestApp } from '../support/server/app.js';
import { expectRefused } from '../support/server/servers.js';

const ADMIN = { user: 'admin', project: 'admin' };
const TIMES = { NOVA_TIMEOUT_MS: '10000', NOVA_LONGEST_REQUEST_MS: '12000' };

let names = 0;
const newName = () => `refused-${process.pid}-${(names += 1)}`;

describe('a tagged create in a project with a small quota of metadata items', () => {
  const lab = new Lab();
  const project = { id: '', name: newName() };
  let user: LabUser;
  let nova: NovaProxy;
  let test: TestApp;
  beforeAll(async () => {
    const { json } = await lab.identity.call('POST', '/projects', await lab.token(ADMIN), {
      body: { project: { name: project.name, domain_id: 'default' } },
    });
    project.id = json.project.id as string;
    user = await LabUser.in(lab, project);
    nova = await NovaProxy.to();
    nova.sparesRefusals = true;
    test = await startGateway({ ...TIMES, NOVA_URL: nova.url, NOTIFICATIONS_URL: '' });
  });
  afterEach(() => (nova.trouble = null));
  afterAll(async () => {
    await test.close();
    await nova.close();
    await user.remove();
    await lab.identity.call('DELETE', `/projects/${project.id}`, await lab.token(ADMIN));
    await lab.close();
  });

  /** Sets the quota; gives a create with so many items, which has no server tags yet. */
  const createWith = async (quota: number, count: number) => {
    const body = { quota_set: { metadata_items: quota, force: true } };
    const admin = await lab.call({ body }, ADMIN);
    expect((await lab.nova.call('PUT', `/v2.1/os-quota-sets/${project.id}`, admin)).status).toBe(200);
    const metadata = Object.fromEntries(Array.from({ length: count }, (_, n) => [`key${n}`, 'value']));
    const name = newName();
    const server = await lab.newServer({ name, ...(count > 0 && { metadata }) });
    return { name, metadata, call: await user.call({ tag: name, version: '2.37', body: server }) };
  };

  it.each([
    [5, 5],
    [1, 1],
    [0, 0],
  ])('of %d is made with %d items, without a marker, and once', async (quota, count) => {
    const { name, metadata, call } = await createWith(quota, count);
    const answer = await test.client.call('POST', '/v2.1/servers', call);
    expect(answer).toMatchObject({ status: 202, headers: { 'task-tag': name } });
    const task = await untilTaskEnds(test.client, name, call, 90_000);
    expect(task).toMatchObject({ state: 'success', request_id: answer.headers['x-compute-request-id'] });
    const [server, ...more] = await user.named(name);
    expect([server.id, server.metadata, more]).toEqual([task.resource.server, metadata, []]);
    expectRefused(await test.client.call('POST', '/v2.1/servers', call));
  });

  it('and a lost answer is found: a server without a marker may be its own', async () => {
    const { name, call } = await createWith(2, 2);
    nova.trouble = 'reset';
    const answer = await test.client.call('POST', '/v2.1/servers', call);
    expect(answer.status).toBe(504);
    const task = await user.untilEnded(test.client, taskToAsk(answer), 90_000);
    expect(task).toMatchObject({ state: 'success', accepted: true });
    expect((await user.named(name)).map(({ id }) => id)).toEqual([task.resource.server]);
    expectRefused(await test.client.call('POST', '/v2.1/servers', call));
  });

  it('is refused where it has too many of its own, in Nova’s words, and may be sent again', async () => {
    const { name, call } = await createWith(2, 3);
    for (const count of [1, 2]) {
      const answer = await test.client.call('POST', '/v2.1/servers', call);
      expect(answer.status).toBe(403);
      expect(answer.json.forbidden.message).toMatch(/metadata items exceeds 2/);
      const { json } = await test.client.get(`/v3/tasks?tag=${name}`, await user.call());
      expect(json.tasks).toHaveLength(count);
      expect(json.tasks[0]).toMatchObject({ state: 'failure', accepted: false });
    }
    expect(await user.named(name)).toEqual([]);
  });
});

describe('a request', () => {
  const lab = new Lab();
  let { user, nova, test, end } = {} as GatewayByProxy;
  beforeAll(async () => {
    ({ user, nova, test, end } = await startGatewayByProxy(lab));
  });
  afterAll(() => end());

  it('that a rate limiter refuses was not accepted: its answer says when to send it again, and then it is done', async () => {
    const name = newName();
    const call = await user.call({ tag: name, body: await lab.newServer({ name }) });
    nova.trouble = 'limit';
    const refused = await test.client.call('POST', '/v2.1/servers', call);
    nova.trouble = null;
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '1', 'task-tag': name } });
    expect(refused.text).toMatch(/^<html>/);
    const { json } = await test.client.get(`/v3/tasks?tag=${name}`, await user.call());
    expect(json.tasks).toMatchObject([{ state: 'failure', accepted: false, fault: { code: 429 } }]);
    const again = await test.client.call('POST', '/v2.1/servers', call);
    expect(again.status).toBe(202);
    expect((await user.named(name)).map(({ id }) => id)).toEqual([lab.keep(again)]);
  });

  // The lab has no Cinder. Nova's newest versions attach in the background.
  it.each(['2.60', 'latest'])(
    'to attach a volume that Nova answers with 500 is known not to be accepted within a minute, at %s',
    async (version) => {
      const id = await user.activeServer();
      const tag = newName();
      const body = { volumeAttachment: { volumeId: '1b5f8a0e-2d0a-4a53-9d1f-7f6a2f3f9c11' } };
      const call = await user.call({ tag, body, version });
      const answer = await test.client.call('POST', `/v2.1/servers/${id}/os-volume_attachments`, call);
      expect(answer.status).toBe(500);
      const task = await untilTaskEnds(test.client, tag, call, 90_000);
      expect(task).toMatchObject({ state: 'failure', accepted: false, fault: { code: 408 } });
    },
    120_000,
  );
});
