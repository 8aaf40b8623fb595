import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { DrainingAdapter } from './draining-adapter.js';

describe('a server that stops', () => {
  const sockets: Socket[] = [];
  let adapter: DrainingAdapter;
  let release: () => void;

  async function start(requestMs: number, answerMs: number): Promise<void> {
    adapter = new DrainingAdapter({}, { requestMs, answerMs });
    const fastify = adapter.getInstance();
    fastify.get('/', () => new Promise((resolve) => (release = () => resolve('late'))));
    fastify.post('/', () => 'ok');
    await fastify.listen({ host: '127.0.0.1', port: 0 });
  }

  async function send(text: string): Promise<Socket> {
    const { port } = adapter.getHttpServer<Server>().address() as AddressInfo;
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    const arrived = once(adapter.getHttpServer<Server>(), 'connection');
    socket.write(text);
    const [connection] = (await arrived) as [Socket];
    while (connection.bytesRead < text.length) await new Promise((resolve) => setImmediate(resolve));
    return socket.resume();
  }

  async function stop(): Promise<void> {
    adapter.beforeClose();
    await adapter.close();
  }

  afterEach(() => sockets.forEach((socket) => socket.destroy()));

  it.each([
    ['a head', 'POST / HTTP/1.1\r\nHost: x\r\n'],
    ['a body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nhalf'],
  ])('does not wait for a client that never sends the rest of %s', async (_, half) => {
    await start(50, 60_000);
    const socket = await send(half);
    const closed = once(socket, 'close');
    await stop();
    await closed;
  });

  it('resets none of the connections that it had not taken yet: their requests are answered', async () => {
    await start(60_000, 60_000);
    const { port } = adapter.getHttpServer<Server>().address() as AddressInfo;
    const clients = Array.from({ length: 50 }, () => connect(port, '127.0.0.1'));
    sockets.push(...clients);
    const answers = clients.map((client) => once(client, 'data'));
    await Promise.all(clients.map((client) => once(client, 'connect')));
    const stopped = stop();
    for (const client of clients) client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
    for (const [data] of await Promise.all(answers)) expect(String(data)).toMatch(/^HTTP\/1.1 200 [^]*ok$/);
    await stopped;
  });

  it('answers a request that is whole, however long that takes', async () => {
    await start(20, 60_000);
    const socket = await send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const answer = once(socket, 'data');
    const stopped = stop();
    setTimeout(() => release(), 100);
    expect(String((await answer)[0])).toMatch(/^HTTP\/1.1 200 [^]*late$/);
    await stopped;
  });

  it('but no longer than it may', async () => {
    await start(10, 50);
    const closed = once(await send('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), 'close');
    await stop();
    await closed;
  });
});
