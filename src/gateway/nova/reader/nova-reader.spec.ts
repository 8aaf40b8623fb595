import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Settings } from '../../../config/settings.js';
import type { KeystoneSession } from '../../keystone/keystone-session.js';
import { KeystoneUnavailable } from '../../keystone/keystone.errors.js';
import { NovaUnavailable } from './nova-reader.errors.js';
import { NovaReader } from './nova-reader.js';

const REQUEST_ID = { 'x-compute-request-id': 'req-3e59c0d5-580e-4a1e-ab4e-3388404218ed' };

/** What a Nova, or what stands before it, answers; the lab's Nova cannot be told to misbehave. */
type Reply = (request: IncomingMessage, response: ServerResponse) => void;

const answering =
  (status: number, headers: object = REQUEST_ID, body = '{"servers": []}'): Reply =>
  (_request, response) =>
    response.writeHead(status, { ...headers }).end(body);

describe('reading from Nova', () => {
  let server: Server;
  let requests: IncomingMessage[];
  let reply: Reply;
  let now: number;
  let discarded: string[];
  let tokens: string[];
  let reader: NovaReader;
  beforeEach(async () => {
    requests = [];
    reply = answering(200);
    now = 1_000_000;
    discarded = [];
    tokens = ['own-2', 'own-1'];
    server = createServer((request, response) => {
      response.sendDate = false;
      if (request.url === '/compute/v2.1') {
        response.writeHead(200, REQUEST_ID).end('{"version": {"version": "2.79"}}');
        return;
      }
      requests.push(request);
      reply(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const settings = Object.assign(new Settings(), {
      NOVA_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/compute/`,
    });
    const keystone = {
      token: () => Promise.resolve(tokens.at(-1)),
      discard: (token: string) => {
        discarded.push(token);
        tokens.pop();
      },
    };
    reader = new NovaReader(settings, keystone as unknown as KeystoneSession, () => now);
  });
  afterEach(async () => {
    await reader.onModuleDestroy();
    server.close();
    server.closeAllConnections();
  });

  const get = () => reader.get('/v2.1/servers', 84);

  it('asks below the prefix, as this server, and under no microversion that Nova does not have', async () => {
    expect(await get()).toEqual({ status: 200, body: { servers: [] } });
    expect(requests[0]).toMatchObject({
      url: '/compute/v2.1/servers',
      headers: { 'x-auth-token': 'own-1', 'openstack-api-version': 'compute 2.79' },
    });
  });

  it('asks once more under a new token when its own is not valid', async () => {
    reply = (request, response) =>
      answering(request.headers['x-auth-token'] === 'own-1' ? 401 : 200)(request, response);
    expect((await get()).status).toBe(200);
    expect(discarded).toEqual(['own-1']);
    reply = answering(401);
    await expect(get()).rejects.toThrow(NovaUnavailable);
  });

  it("gives Nova's own refusals and errors", async () => {
    for (const status of [403, 404, 500]) {
      reply = answering(status);
      expect((await get()).status).toBe(status);
    }
  });

  it.each<[string, Reply]>([
    ['a load balancer', answering(404, {})],
    ['an overloaded load balancer', answering(504, {})],
    ['keystonemiddleware without Keystone', answering(503)],
    ['a reset', (request) => request.socket.destroy()],
    [
      'half an answer',
      (_, response) => response.writeHead(200, REQUEST_ID).write('{', () => response.destroy()),
    ],
  ])('takes %s for no answer of Nova', async (_name, misbehaved) => {
    await get();
    expect(reader.answeringSince).toBe(1_000_000);
    reply = misbehaved;
    await expect(get()).rejects.toThrow(NovaUnavailable);
    expect(reader.answeringSince).toBeNull();
  });

  it('says no secret of Keystone when that is down', async () => {
    const down = new KeystoneUnavailable('http://keystone does not answer');
    const failing = { token: () => Promise.reject(down) } as unknown as KeystoneSession;
    const settings = Object.assign(new Settings(), { NOVA_URL: 'http://127.0.0.1:1' });
    const other = new NovaReader(settings, failing);
    await expect(other.get('/v2.1/servers', 84)).rejects.toThrow(NovaUnavailable);
    await other.onModuleDestroy();
  });

  it('knows since when Nova has answered without interruption', async () => {
    expect(reader.answeringSince).toBeNull();
    await get();
    now += 30_000;
    await get();
    expect(reader.answeringSince).toBe(1_000_000);
    reply = answering(502, {});
    await get().catch(() => undefined);
    now += 30_000;
    reply = answering(200);
    await get();
    expect(reader.answeringSince).toBe(1_060_000);
  });

  it('knows nothing of a time in which this process itself stood still', async () => {
    await get();
    now += 61_000;
    expect(reader.answeringSince).toBeNull();
    await get();
    expect(reader.answeringSince).toBe(1_061_000);
  });

  it('tells what the Date of an answer says of Nova’s clock, and of none nothing', async () => {
    await reader.get('/v2.1/servers', 1);
    expect(reader.dateOffset).toBeNull();
    now = Date.parse('2026-11-23T07:45:25Z');
    reply = answering(200, { ...REQUEST_ID, Date: 'Mon, 23 Nov 2026 07:44:55 GMT' });
    await reader.get('/v2.1/servers', 1);
    expect(reader.dateOffset).toEqual({ earliest: -30_000, latest: -29_000 });
  });
});
