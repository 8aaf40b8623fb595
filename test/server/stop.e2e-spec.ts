import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { startApp, type TestApp } from '../support/server/app.js';
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
