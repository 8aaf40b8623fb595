import { once } from 'node:events';
import { connect } from 'node:net';
import { startApp, type TestApp } from '../support/server/app.js';
import { countServers, expectRefused, newServer, untilEnded } from '../support/server/servers.js';
import { until } from '../support/until.js';

describe('a client that hangs up', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  it('before the answer changes nothing: the task is found by its tag, and ends', async () => {
    const call = { tag: 'gone', token: 'alice:gone' };
    await sendAndHangUp(request(call, newServer()));
    const task = await until('the task', async () => {
      const { status } = await test.client.get('/v3/servers/gone/tasks', call);
      return status === 200 && untilEnded(test.client, 'gone', call);
    });
    expect(task).toMatchObject({ state: 'success', tag: 'gone' });
    expect(await countServers(test.client, call)).toBe(1);
    expectRefused(await test.client.post('/v3/servers', newServer(), call));
  });

  it('in the middle of the body leaves nothing behind: the tag is free', async () => {
    const call = { tag: 'half', token: 'alice:half' };
    const whole = request(call, newServer());
    await sendAndHangUp(whole.subarray(0, whole.length - 10));
    await sendAndHangUp(whole.subarray(0, whole.length - 60));
    // A request that comes after them is answered, so they have been dealt with.
    expect((await test.client.get('/v3/servers/half/tasks', call)).status).toBe(404);
    expect((await test.client.post('/v3/servers', newServer(), call)).status).toBe(202);
    expect(await countServers(test.client, call)).toBe(1);
  });

  function request({ tag, token }: { tag: string; token: string }, body: object): Buffer {
    const json = JSON.stringify(body);
    const head = [
      'POST /v3/servers HTTP/1.1',
      'Host: tasktag',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(json)}`,
      `X-Auth-Token: ${token}`,
      `Task-tag: ${tag}`,
    ];
    return Buffer.from(`${head.join('\r\n')}\r\n\r\n${json}`);
  }

  /** Sends bytes and cuts the connection as soon as they are out, before any answer can be read. */
  async function sendAndHangUp(bytes: Buffer): Promise<void> {
    const { hostname, port } = new URL(test.client.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    await new Promise<void>((resolve, reject) => {
      socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
    socket.destroy();
    await once(socket, 'close');
  }
});
