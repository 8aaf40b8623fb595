import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Passing } from '../../../../test/support/network/passing.js';
import { sendRaw } from '../../../../test/support/network/raw-http.js';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** An upstream that does with the n-th request what a test says, and counts. */
function upstreamOf(onRequest: (n: number, socket: Socket) => void, settings?: Record<string, string>) {
  const seen: string[] = [];
  const passing = Passing.toSocket((socket) => {
    socket.on('data', (data) => onRequest(seen.push(data.toString('latin1')), socket));
  }, settings);
  return { seen, passing };
}

describe('what is passed through and not answered', () => {
  let passing: Passing;

  beforeEach(() => jest.spyOn(process.stdout, 'write').mockReturnValue(true));
  afterEach(() => passing.stop());
  afterEach(() => jest.restoreAllMocks());

  it('is a 503 when nothing was sent: the request may be sent again', async () => {
    passing = await Passing.toHttp((_request, response) => response.end());
    await passing.stopUpstream();
    for (const body of [undefined, { metadata: {} }]) {
      const method = body === undefined ? 'GET' : 'PUT';
      const { status, text, headers } = await passing.client.call(method, '/v2.1/flavors', { body });
      expect(status).toBe(503);
      expect(text).toMatch(/"code":503,"message":".*was not sent/);
      expect(headers).toMatchObject({
        'x-compute-request-id': 'req-of-the-gateway',
        'x-openstack-request-id': 'req-of-the-gateway',
        'content-type': 'application/json',
      });
    }
  });

  it('is a 504 when Nova takes longer than it may', async () => {
    const upstream = upstreamOf(() => undefined, { NOVA_TIMEOUT_MS: '100' });
    passing = await upstream.passing;
    const { status, text } = await passing.client.get('/v2.1/flavors');
    expect(status).toBe(504);
    expect(text).toMatch(/"code":504,"message":".*did not answer in time/);
    expect(upstream.seen).toHaveLength(1);
  });

  it('is asked for once more when it only reads, and Nova hung up on an idle connection', async () => {
    // The second request comes over the kept connection, which the other side closes at that moment.
    const upstream = upstreamOf((n, socket) => (n === 2 ? socket.destroy() : socket.write(OK)));
    passing = await upstream.passing;
    expect((await passing.client.get('/v2.1/flavors')).text).toBe('ok');
    expect((await passing.client.get('/v2.1/flavors')).text).toBe('ok');
    expect(upstream.seen).toHaveLength(3);
  });

  it('is asked for no more than once more', async () => {
    const upstream = upstreamOf((_n, socket) => socket.destroy());
    passing = await upstream.passing;
    expect((await passing.client.get('/v2.1/flavors')).status).toBe(504);
    expect(upstream.seen).toHaveLength(2);
  });

  it('is asked for over a connection of its own the second time: the other kept ones may be dead, too', async () => {
    // Three connections are kept, and closed by the other side without a word at the next request.
    const used = new Set<Socket>();
    let waiting: Socket[] = [];
    const upstream = upstreamOf((n, socket) => {
      if (used.has(socket)) return void socket.destroy();
      used.add(socket);
      if (n > 3) return void socket.write(OK);
      waiting.push(socket);
      if (waiting.length === 3) for (const kept of waiting.splice(0)) kept.write(OK);
    });
    passing = await upstream.passing;
    await Promise.all([1, 2, 3].map(() => passing.client.get('/v2.1/flavors')));
    waiting = [];
    expect((await passing.client.get('/v2.1/flavors')).text).toBe('ok');
  });

  it.each(['PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS'])(
    'goes over a connection that was not used before, and is not used again: %s',
    async (method) => {
      // As uWSGI: each connection is closed after its answer, which has no body and does not say so.
      const used = new Set<Socket>();
      const upstream = upstreamOf((_n, socket) => {
        if (used.has(socket)) return void socket.destroy();
        used.add(socket);
        socket.write('HTTP/1.1 204 No Content\r\n\r\n');
      });
      passing = await upstream.passing;
      const body = method === 'PUT' || method === 'POST' ? {} : undefined;
      for (let n = 0; n < 3; n += 1) {
        expect((await passing.client.get('/v2.1/flavors')).status).toBe(204);
        expect((await passing.client.call(method, '/v2.1/flavors/1', { body })).status).toBe(204);
        expect((await passing.client.call(method, '/v2.1/flavors/1', { body })).status).toBe(204);
      }
      const sent = upstream.seen.filter((request) => request.startsWith(method));
      expect(sent).toHaveLength(6);
      for (const request of sent) expect(request).toMatch(/^connection: close\r$/im);
    },
  );

  it.each(['PUT', 'POST', 'DELETE'])('is never sent again when it changes something: %s', async (method) => {
    const upstream = upstreamOf((n, socket) => (n === 2 ? socket.destroy() : socket.write(OK)));
    passing = await upstream.passing;
    expect((await passing.client.get('/v2.1/flavors')).text).toBe('ok');
    const { status, text } = await passing.client.call(method, '/v2.1/flavors/1', {
      body: method === 'DELETE' ? undefined : {},
    });
    expect(status).toBe(504);
    // It broke, which is not the same as slow.
    expect(text).toMatch(/"message":"The connection to the compute service broke/);
    expect(upstream.seen.filter((request) => request.startsWith(method))).toHaveLength(1);
  });

  it.each([
    ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
  ])('does not look whole when it ends in the middle: %s', async (_kind, half) => {
    const upstream = upstreamOf((_n, socket) => socket.end(half));
    passing = await upstream.passing;
    await expect(passing.client.get('/v2.1/flavors')).rejects.toThrow(/aborted/);
    expect(upstream.seen).toHaveLength(1);
  });

  it('is not sent at all when the client has gone before its body was whole', async () => {
    const upstream = upstreamOf((_n, socket) => socket.write(OK));
    passing = await upstream.passing;
    const { hostname, port } = new URL(passing.client.url);
    const socket = connect(Number(port), hostname);
    socket.write('PUT /v2.1/flavors/1 HTTP/1.1\r\nHost: nova\r\nContent-Length: 10\r\n\r\nhalf');
    socket.end();
    await once(socket.resume(), 'close');
    await sendRaw(passing.client, 'GET /v2.1/flavors HTTP/1.1\r\nHost: nova\r\nConnection: close\r\n\r\n');
    expect(upstream.seen.map((request) => request.split(' ')[0])).toEqual(['GET']);
  });

  it('is no answer when what comes is no HTTP', async () => {
    const upstream = upstreamOf((_n, socket) => socket.write('SSH-2.0-OpenSSH\r\n'));
    passing = await upstream.passing;
    expect((await passing.client.get('/v2.1/flavors')).status).toBe(504);
  });
});
