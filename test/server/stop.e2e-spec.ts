import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { startApp, type TestApp } from '../support/server/app.js';
import { holdNextRequest } from '../support/server/held-request.js';
import { newServer } from '../support/server/servers.js';
import { until } from '../support/until.js';

describe('a server that is asked to stop', () => {
  let test: TestApp;
  let closed: Promise<void> | undefined;
  beforeEach(async () => {
    test = await startApp();
  });
  afterEach(async () => {
    await closed;
    await test.database.drop();
  });

  function open(): Socket {
    const { hostname, port } = new URL(test.client.url);
    return connect(Number(port), hostname);
  }

  function stop(): Promise<void> {
    test.client.close();
    return (closed = test.app.close());
  }

  const isRefused = async () => {
    const socket = open();
    const [error] = (await Promise.race([once(socket, 'connect'), once(socket, 'error')]).catch(
      (e: unknown) => [e],
    )) as [{ code?: string } | undefined];
    socket.destroy();
    return error?.code === 'ECONNREFUSED';
  };

  it('does not wait for answers behind one on a connection that is closed, of which Node says nothing', async () => {
    const body = JSON.stringify(newServer());
    const request = [
      'POST /v3/servers HTTP/1.1',
      'Host: x',
      'X-Auth-Token: alice:pipelined',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ];
    const held = holdNextRequest(test.app);
    const socket = open();
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(`${request.join('\r\n')}\r\n\r\n${body}`.repeat(3));
    await held.hasCome();
    await until('all three', async () => {
      const { json } = await test.client.get('/v3/tasks', { token: 'alice:pipelined' });
      return json.tasks.length === 3;
    });
    socket.resetAndDestroy();
    held.letGo();
    const start = performance.now();
    await stop();
    // Without that, it waits for as long as requests may take.
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it('takes no more connections, and answers the last request on each that it has', async () => {
    const body = JSON.stringify(newServer());
    const head = [
      'POST /v3/servers HTTP/1.1',
      'Host: tasktag',
      'X-Auth-Token: alice:demo',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ];
    const slow = open();
    slow.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 10)}`);
    // Answered over another connection, so the first one has been read by then.
    await test.client.get('/v3/servers');
    const stopped = stop();
    await until('connections to be refused', isRefused);
    slow.write(body.slice(10));
    const [answer] = (await once(slow, 'data')) as [Buffer];
    expect(answer.toString('latin1')).toMatch(/^HTTP\/1.1 202 [^]*\r\nconnection: close\r\n/i);
    await stopped;
  });

  it('does not wait for a client that is connected and says nothing', async () => {
    const silent = open();
    await once(silent, 'connect');
    const asked = open();
    asked.write('GET /v3/servers HTTP/1.1\r\nHost: tasktag\r\nX-Auth-Token: alice:demo\r\n\r\n');
    await once(asked, 'data');
    await stop();
    silent.destroy();
    asked.destroy();
  });
});
