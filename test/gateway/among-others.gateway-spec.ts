import { type GatewayByProxy, startGatewayByProxy } from '../support/openstack/gateway-by-proxy.js';
import { Lab, startGateway, untilTaskEnds } from '../support/openstack/gateway.js';
import { taskToAsk } from '../support/openstack/lab-user.js';
import { until } from '../support/until.js';

/** Long enough for another server to be made and deleted meanwhile. */
const TIMES = { NOVA_TIMEOUT_MS: '2000', NOVA_LONGEST_REQUEST_MS: '40000' };

let names = 0;
const newName = () => `among-${process.pid}-${(names += 1)}`;

describe('a tagged create that never arrived, while servers of others came and went,', () => {
  const lab = new Lab();
  let { user, nova, test, end } = {} as GatewayByProxy;
  beforeAll(async () => {
    ({ user, nova, test, end } = await startGatewayByProxy(lab, TIMES));
  });
  afterAll(() => end());

  const lose = async () => {
    const name = newName();
    const call = await user.call({ tag: name, body: await lab.newServer({ name }) });
    nova.trouble = 'swallow';
    const answer = await test.client.call('POST', '/v2.1/servers', call);
    nova.trouble = null;
    return { name, call, uuid: taskToAsk(answer) };
  };

  /** Its tag is free, and the request is carried out when it is sent again. */
  const expectNotAccepted = async ({ name, call, uuid }: Awaited<ReturnType<typeof lose>>) => {
    const task = await user.untilEnded(test.client, uuid, 100_000);
    expect(task).toMatchObject({ state: 'failure', accepted: false, fault: { code: 408 } });
    expect((await test.client.call('POST', '/v2.1/servers', call)).status).toBe(202);
    expect(await user.named(name)).toHaveLength(1);
  };

  const deleteAndWait = async (id: string) => {
    await lab.nova.delete(`/v2.1/servers/${id}`, await user.call());
    await until('the server to be gone', async () => (await lab.server(id)) === undefined);
  };

  it('was not accepted: another gateway’s servers are told apart by their notifications', async () => {
    const other = await startGateway();
    try {
      const lost = await lose();
      const tag = newName();
      const call = await user.call({ tag, body: await lab.newServer({ name: tag }) });
      const made = await other.client.call('POST', '/v2.1/servers', call);
      await untilTaskEnds(other.client, tag, call, 60_000);
      await deleteAndWait(made.json.server.id as string);
      await expectNotAccepted(lost);
    } finally {
      await other.close();
    }
  }, 200_000);

  it('was not accepted: a server that was seen without a marker is of another request', async () => {
    const lost = await lose();
    const id = await user.activeServer();
    const { searches } = nova;
    await until('two searches', () => nova.searches >= searches + 2, 60_000);
    await deleteAndWait(id);
    await expectNotAccepted(lost);
  }, 200_000);

  it('is not said to have made a server that came and went unseen: whose it was cannot be told', async () => {
    const lost = await lose();
    nova.isDown = true;
    const other = await user.activeServer();
    await deleteAndWait(other);
    nova.isDown = false;
    const task = await user.untilEnded(test.client, lost.uuid, 100_000);
    expect(task).toMatchObject({ state: 'failure', accepted: true, resource: {}, fault: { code: 409 } });
    expect(task.fault.message).toMatch(/^It is ambiguous whether the request was accepted/);
  }, 200_000);
});
