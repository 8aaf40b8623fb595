import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { TcpProxy } from '../support/network/tcp-proxy.js';
import { gatewaySettings, Lab } from '../support/openstack/gateway.js';
import { LabUser } from '../support/openstack/lab-user.js';
import { ServerProcess } from '../support/server/server-process.js';
import { until } from '../support/until.js';

/** Short, so that all is over before a write to the database is given up. */
const TIMES = { NOVA_TIMEOUT_MS: '1500', NOVA_LONGEST_REQUEST_MS: '2000', NOTIFICATIONS_URL: '' };

describe('a replica that is stopped after it has recorded a request', () => {
  const lab = new Lab();
  let database: TestDatabase;
  let connection: TcpProxy;
  let user: LabUser;
  let stopped: ServerProcess;
  let other: ServerProcess;
  beforeAll(async () => {
    user = await LabUser.in(lab);
    database = await createDatabase('mariadb');
    connection = await TcpProxy.to(database.url);
    other = await ServerProcess.start(gatewaySettings({ ...TIMES, DATABASE_URL: database.url }));
    stopped = await ServerProcess.start(gatewaySettings({ ...TIMES, DATABASE_URL: connection.url }));
  });
  afterAll(async () => {
    stopped.resume();
    await stopped.kill();
    await other.stop();
    await connection.cut();
    await user.remove();
    await lab.close();
    await database.drop();
  });

  it('does not send it when it goes on, since another one has given it up: there is one server', async () => {
    const name = `stopped-${process.pid}`;
    const call = await user.call({ tag: name });
    const body = await lab.newServer({ name });
    const newest = async (state: string) => {
      const { json } = await other.client.get(`/v3/tasks?tag=${name}&limit=1`, call);
      return json.tasks[0]?.state === state && json.tasks[0];
    };
    // Its token is known, and nothing but the record is between the request and Nova.
    await stopped.client.get('/v3/tasks?limit=1', call);

    connection.holdAnswersTo(Buffer.from(name).toString('hex'));
    const answer = stopped.client.post('/v3/servers', body, call);
    await until('the record', () => newest('pending'));
    stopped.pause();
    connection.thaw();
    const task = await until('it to be given up', () => newest('failure'));
    expect(task).toMatchObject({ accepted: false, fault: { code: 408 } });
    const again = await other.client.post('/v3/servers', body, call);
    lab.keep(again);
    stopped.resume();

    const { status, json } = await answer;
    expect(status).toBe(503);
    expect(json.serviceUnavailable.message).toMatch(/delayed, so the request was not sent/);
    expect(await user.named(name)).toHaveLength(1);
    expect(await newest('failure')).toBe(false);
  });
});
