import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callKeystone } from './keystone-http.js';
import { KeystoneUnavailable } from './keystone.errors.js';

describe('a call of Keystone', () => {
  let server: Server;
  let url: string;
  let answer: (response: ServerResponse) => void;
  beforeAll(async () => {
    server = createServer((_request, response) => answer(response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v3`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  async function reason(): Promise<string> {
    const error = await callKeystone(url, {}, 100).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KeystoneUnavailable);
    return (error as KeystoneUnavailable).reason;
  }

  it('gives the status and what is JSON of the body', async () => {
    answer = (response) => response.writeHead(203).end('{"a":1}');
    expect(await callKeystone(url, {})).toMatchObject({ status: 203, body: { a: 1 } });
    answer = (response) => response.writeHead(404).end('<html>');
    expect(await callKeystone(url, {})).toMatchObject({ status: 404, body: null });
  });

  it.each([
    ['is never answered', () => undefined, 'no answer in 100 ms'],
    [
      'is answered by half',
      (response: ServerResponse) => response.writeHead(200).write('{'),
      'no answer in 100 ms',
    ],
    ['is cut off', (response: ServerResponse) => response.destroy(), 'UND_ERR_SOCKET'],
    ['meets a gateway without Keystone', (response: ServerResponse) => response.writeHead(502).end(), '502'],
  ])('that %s says so', async (_what, how, words) => {
    answer = how;
    expect(await reason()).toContain(words);
  });
});
