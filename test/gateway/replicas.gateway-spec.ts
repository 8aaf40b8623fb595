import { once } from 'node:events';
import { connect } from 'node:net';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { Client } from '../support/network/http.js';
import { gatewaySettings, Lab } from '../support/openstack/gateway.js';
import { LabUser } from '../support/openstack/lab-user.js';
import { NovaProxy } from '../support/openstack/nova-proxy.js';
import { ServerProcess } from '../support/server/server-process.js';
import { expectRefused } from '../support/server/servers.js';
import { until } from '../support/until.js';

let names = 0;
const newName = () => `replica-${process.pid}-${(names += 1)}`;

describe('two gateways on one database', () => {
  const lab = new Lab();
  let user: LabUser;
  let database: TestDatabase;
  let nova: NovaProxy;
  let settings: Record<string, string>;
  let one: ServerProcess;
  let two: ServerProcess;
  beforeAll(async () => {
    user = await LabUser.in(lab);
    database = await createDatabase('mariadb');
    nova = await NovaProxy.to();
    settings = gatewaySettings({
      DATABASE_URL: database.url,
      NOVA_URL: nova.url,
      NOVA_TIMEOUT_MS: '8000',
      NOVA_LONGEST_REQUEST_MS: '10000',
    });
    two = await ServerProcess.start(settings);
  });
  beforeEach(async () => {
    one = await ServerProcess.start(settings);
  });
  afterEach(() => one.kill());
  afterAll(async () => {
    await two.stop();
    await nova.close();
    await user.remove();
    await lab.close();
    await database.drop();
  });

  const create = async (name: string) => user.call({ body: await lab.newServer({ name }), tag: name });
  const newest = async (tag: string): Promise<any> => {
    const { json } = await two.client.get(`/v3/servers/${tag}/tasks`, await user.call());
    return json.tasks?.[0];
  };

  it('make one server of one tag, however often and wherever it is sent', async () => {
    const name = newName();
    const call = await create(name);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        (n % 2 === 0 ? one : two).client.call('POST', '/v2.1/servers', call),
      ),
    );
    const accepted = answers.filter(({ status }) => status === 202);
    expect(accepted).toHaveLength(1);
    for (const answer of answers) if (answer !== accepted[0]) expectRefused(answer);
    expect((await user.named(name)).map(({ id }) => id)).toEqual([accepted[0]?.json.server.id]);
  });

  it('stand in for each other when one is killed: what it had not ended is ended', async () => {
    const inFlight = [newName(), newName()];
    const accepted = newName();
    expect((await one.client.call('POST', '/v2.1/servers', await create(accepted))).status).toBe(202);
    nova.trouble = 'hold';
    const lost = inFlight.map(async (name) => one.client.call('POST', '/v2.1/servers', await create(name)));
    const outcomes = Promise.allSettled(lost);
    await nova.untilHeld(2);
    await one.kill();
    nova.release();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    for (const name of [accepted, ...inFlight]) {
      expectRefused(await two.client.call('POST', '/v2.1/servers', await create(name)));
      const { uuid } = await newest(name);
      const task = await user.untilEnded(two.client, uuid as string);
      expect(task).toMatchObject({ tag: name, state: 'success' });
      expect((await user.named(name)).map(({ id }) => id)).toEqual([task.resource.server]);
    }
  });

  it('can be stopped one by one: what is in flight is answered and recorded, the other takes what is new', async () => {
    const [waiting, left] = [newName(), newName()];
    nova.trouble = 'hold';
    const answer = one.client.call('POST', '/v2.1/servers', await create(waiting));
    await nova.untilHeld(1);
    await createAndLeave(left);
    await nova.untilHeld(2);
    const exit = one.stopGently();
    await until('no new connections', () => isRefused(one.port));
    nova.trouble = null;
    const other = await two.client.call('POST', '/v2.1/servers', await create(newName()));
    expect(other.status).toBe(202);
    // A notification may have told already that it was accepted.
    expect((await newest(waiting)).state).toMatch(/^(pending|processing)$/);
    nova.release();
    expect((await answer).status).toBe(202);
    // By itself: Nest sends the signal on when everything is done.
    expect(await exit).toBe('SIGTERM');
    for (const name of [waiting, left]) {
      const said = nova.said.find(
        ({ requestId, json }) => requestId !== undefined && json?.server?.id !== undefined,
      );
      expect(said).toBeDefined();
      const task = await newest(name);
      expect(['processing', 'success']).toContain(task.state);
      const ids = (await user.named(name)).map(({ id }) => id);
      expect([task.resource.server]).toEqual(ids);
      expect(await user.untilEnded(two.client, task.uuid as string)).toMatchObject({ state: 'success' });
    }
  });

  it('refuse nothing while one after the other is restarted', async () => {
    const server = await user.activeServer({ name: newName() });
    const statuses: number[] = [];
    let isOver = false;
    // It runs already, so Nova refuses to start it; each has a record of its own.
    const start = async (ports: number[]) => {
      const tag = newName();
      for (const port of ports) {
        const client = new Client(`http://127.0.0.1:${port}`);
        try {
          const body = { 'os-start': null };
          const call = await user.call({ tag });
          return (await client.post(`/v2.1/servers/${server}/action`, body, call)).status;
        } catch (error) {
          // As a load balancer goes on to the next one when nothing was sent. The kernel resets a connection that is
          // made at the very moment when the listening ends; then the request has not been read.
          const { code } = error as { code?: string };
          if (code !== 'ECONNREFUSED' && (code !== 'ECONNRESET' || (await newest(tag)) !== undefined))
            throw error;
        } finally {
          client.close();
        }
      }
      throw new Error('Nobody takes connections');
    };
    const load = [0, 1, 2].map(async () => {
      while (!isOver) statuses.push(await start([one.port, two.port]));
    });
    await until('some load', () => statuses.length > 5);
    const [before] = [statuses.length, await one.stopGently()];
    one = await ServerProcess.start(settings);
    await until('some load after that', () => statuses.length > before + 10);
    isOver = true;
    await Promise.all(load);
    expect(new Set(statuses)).toEqual(new Set([409]));
  });

  /** Sends a create to the first one, and hangs up before its answer. */
  async function createAndLeave(name: string): Promise<void> {
    const { body, token } = await create(name);
    const json = JSON.stringify(body);
    const socket = connect(one.port, '127.0.0.1');
    await once(socket, 'connect');
    const head = [
      'POST /v2.1/servers HTTP/1.1',
      'Host: cloud.example',
      `X-Auth-Token: ${token}`,
      'OpenStack-API-Version: compute 2.60',
      `Task-tag: ${name}`,
      'Content-Type: application/json',
      `Content-Length: ${json.length}`,
    ];
    socket.end([...head, '', json].join('\r\n'));
    await nova.untilHeld(2);
    socket.destroy();
  }
});

async function isRefused(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return false;
  } catch (error) {
    return (error as { code?: string }).code === 'ECONNREFUSED';
  } finally {
    socket.destroy();
  }
}
