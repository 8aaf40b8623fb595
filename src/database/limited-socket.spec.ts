import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { limitedSocket } from './limited-socket.js';

describe('a connection to a database', () => {
  let server: Server;
  let socket: Socket;
  beforeEach(async () => {
    server = createServer((peer) =>
      peer.on('data', (data) => String(data) === 'answer' && peer.write('yes')),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    socket = limitedSocket({ config: { host: '127.0.0.1', port } }, 30);
    await once(socket, 'connect');
  });
  afterEach(() => {
    socket.destroy();
    server.close();
  });

  it('is given up when it was asked and is silent', async () => {
    socket.write('say nothing');
    await once(socket, 'close');
    expect(socket.destroyed).toBe(true);
  });

  it('stays while nothing is asked of it, and when it has answered', async () => {
    await once(socket, 'timeout');
    expect(socket.destroyed).toBe(false);
    socket.write('answer');
    await once(socket, 'data');
    await once(socket, 'timeout');
    expect(socket.destroyed).toBe(false);
  });

  it('is given up also after it has answered before', async () => {
    socket.write('answer');
    await once(socket, 'data');
    socket.write('say nothing');
    await once(socket, 'close');
    expect(socket.destroyed).toBe(true);
  });
});
