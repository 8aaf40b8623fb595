import type { Socket } from 'node:net';
import { Passing } from '../../../../test/support/network/passing.js';
import { sendRaw } from '../../../../test/support/network/raw-http.js';

/** An upstream that gives every request the same bytes, and keeps what it gets. */
async function upstreamOf(answer: string): Promise<{ passing: Passing; seen: () => string }> {
  let seen = '';
  const passing = await Passing.toSocket((socket: Socket) => {
    socket.on('data', (data) => {
      seen += data.toString('latin1');
      socket.write(answer, 'latin1');
    });
  });
  return { passing, seen: () => seen };
}

/** One request over a connection of its own, which ends after it. */
function ask(passing: Passing, lines: string[], body = ''): Promise<string> {
  return sendRaw(
    passing.client,
    Buffer.from([...lines, 'Connection: close', '', body].join('\r\n'), 'latin1'),
  );
}

describe('what is passed through', () => {
  let passing: Passing | undefined;

  afterEach(() => passing?.stop());

  it('gives the client the status, the headers in their order and case, and the bytes that Nova gave', async () => {
    const head = [
      'HTTP/1.1 202 Taken Up',
      'Content-Length: 7',
      'content-TYPE: application/json',
      'Vary: OpenStack-API-Version',
      'X-Odd: caf\u00e9 \u00ff',
      'Vary: X-OpenStack-Nova-API-Version',
      'X-Compute-Request-Id: req-1',
      'Date: Mon, 23 Nov 2026 08:06:17 GMT',
    ];
    const upstream = await upstreamOf([...head, '', '\u0000\u00ffbytes'].join('\r\n'));
    ({ passing } = upstream);
    const answer = await ask(passing, ['GET /v2.1/flavors HTTP/1.1', 'Host: nova']);
    expect(answer.split('\r\n')).toEqual([...head, 'Connection: close', '', '\u0000\u00ffbytes']);
  });

  it('lets no cache keep what it reads with a token, unless Nova says what caches may do', async () => {
    const bare = await upstreamOf('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    ({ passing } = bare);
    const [one, other, anonymous, post] = [
      await ask(passing, ['GET /v2.1/servers HTTP/1.1', 'Host: nova', 'X-Auth-Token: t']),
      await ask(passing, ['GET /v3/servers?limit=1 HTTP/1.1', 'Host: nova', 'x-auth-token: t']),
      await ask(passing, ['GET /v2.1 HTTP/1.1', 'Host: nova']),
      await ask(passing, ['POST /v2.1/os-keypairs HTTP/1.1', 'Host: nova', 'X-Auth-Token: t']),
    ];
    const older = await ask(passing, ['GET /v2.1/servers HTTP/1.1', 'Host: nova', 'X-Storage-Token: t']);
    for (const answer of [one, other, older]) expect(answer).toMatch(/^Cache-Control: no-store\r$/m);
    for (const answer of [anonymous, post]) expect(answer).not.toMatch(/cache-control/i);
    await passing.stop();

    const own = 'HTTP/1.1 200 OK\r\ncache-CONTROL: private\r\nContent-Length: 2\r\n\r\nok';
    ({ passing } = await upstreamOf(own));
    const kept = await ask(passing, ['GET /v2.1/servers HTTP/1.1', 'Host: nova', 'X-Auth-Token: t']);
    expect(kept.match(/^cache-control:.*$/gim)).toEqual(['cache-CONTROL: private']);
  });

  it('gives the client an answer whose reason phrase has odd bytes, without that', async () => {
    const upstream = await upstreamOf('HTTP/1.1 202 \u00c4rger\r\nContent-Length: 2\r\n\r\nok');
    ({ passing } = upstream);
    const answer = await ask(passing, ['GET /v2.1/flavors HTTP/1.1', 'Host: nova']);
    expect(answer).toMatch(/^HTTP\/1\.1 202 \r\n[^]*\r\n\r\nok$/);
  });

  it('gives Nova the request as the client wrote it', async () => {
    const upstream = await upstreamOf('HTTP/1.1 204 No Content\r\n\r\n');
    ({ passing } = upstream);
    const lines = [
      'PUT /v2.1/servers/1/metadata?b=%7e&a=1 HTTP/1.1',
      'HOST: nova.example.org:8774',
      'X-auth-TOKEN: secret',
      'Accept: text/plain',
      'X-Odd: caf\u00e9',
      'accept: */*',
      'Content-Type: application/json; charset="utf-8"',
    ];
    await ask(passing, [...lines, 'Content-Length: 9'], '{ "a":\u00ff1}');
    const [head, body] = upstream.seen().split('\r\n\r\n');
    const sent = (head as string).split('\r\n');
    // These two stand where the connection's own library puts them.
    expect(sent.filter((line) => !/^(connection|content-length):/i.test(line))).toEqual(
      expect.arrayContaining(lines.filter((line) => !line.startsWith('HOST'))),
    );
    expect(sent[0]).toBe(lines[0]);
    expect(sent).toContainEqual(expect.stringMatching(/^host: nova\.example\.org:8774$/i));
    expect(sent).toContainEqual(expect.stringMatching(/^content-length: 9$/i));
    expect(body).toBe('{ "a":\u00ff1}');
  });

  it('does not give Nova what is between client and gateway, nor what only Nova’s own middleware may say', async () => {
    const upstream = await upstreamOf('HTTP/1.1 204 No Content\r\n\r\n');
    ({ passing } = upstream);
    await ask(passing, [
      'GET /v2.1/flavors HTTP/1.1',
      'Host: nova',
      'Task-tag: t1',
      'X-Of-The-Hop: 1',
      'Connection: X-Of-The-Hop',
      'Keep-Alive: timeout=9',
      'TE: trailers',
      'X-Project-Id: of-somebody-else',
      'X-Roles: admin',
      'X-Identity-Status: Confirmed',
      'X-Stays: 1',
    ]);
    expect(upstream.seen()).toMatch(/X-Stays: 1/);
    expect(upstream.seen()).not.toMatch(
      /task-tag|x-of-the-hop|timeout=9|trailers|x-project-id|x-roles|x-identity-status/i,
    );
  });

  it('does not give the client what is between Nova and gateway', async () => {
    const upstream = await upstreamOf(
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nKeep-Alive: timeout=77\r\nConnection: x-hop\r\nX-Hop: 1\r\nX-Stays: 1\r\n\r\nok',
    );
    ({ passing } = upstream);
    const answer = await ask(passing, ['GET /v2.1/flavors HTTP/1.1', 'Host: nova']);
    expect(answer).toContain('X-Stays: 1');
    expect(answer).not.toMatch(/timeout=77|x-hop/i);
  });

  it('asks for /v3 under the name that Nova knows', async () => {
    const upstream = await upstreamOf('HTTP/1.1 204 No Content\r\n\r\n');
    ({ passing } = upstream);
    await ask(passing, ['GET /tag/t1/v3/flavors?limit=1 HTTP/1.1', 'Host: nova']);
    expect(upstream.seen()).toMatch(/^GET \/v2\.1\/flavors\?limit=1 HTTP/);
  });

  it('keeps an answer without a body as it is', async () => {
    passing = await Passing.toHttp((request, response) => {
      const status = Number(new URL(request.url as string, 'http://nova').searchParams.get('status'));
      response.writeHead(status, { 'Content-Length': '1234', ETag: '"1"' }).end();
    });
    const head = await ask(passing, ['HEAD /v2.1/flavors?status=200 HTTP/1.1', 'Host: nova']);
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Length: 1234\r\nETag: "1"\r\n/);
    expect(head.split('\r\n\r\n')[1]).toBe('');
    const notModified = await ask(passing, ['GET /v2.1/flavors?status=304 HTTP/1.1', 'Host: nova']);
    expect(notModified).toMatch(/^HTTP\/1\.1 304 Not Modified\r\nContent-Length: 1234\r\nETag: "1"\r\n/);
    expect(notModified.split('\r\n\r\n')[1]).toBe('');
    await passing.stop();
    passing = (await upstreamOf('HTTP/1.1 204 No Content\r\nX-Compute-Request-Id: req-1\r\n\r\n')).passing;
    const none = await ask(passing, ['DELETE /v2.1/flavors/1 HTTP/1.1', 'Host: nova']);
    expect(none).toMatch(/^HTTP\/1\.1 204 No Content\r\nX-Compute-Request-Id: req-1\r\n/);
    expect(none).not.toMatch(/content-length|transfer-encoding/i);
  });

  it('keeps an answer in chunks whole, for clients of HTTP/1.0 too', async () => {
    passing = await Passing.toHttp((_request, response) => {
      response.write('one,');
      setImmediate(() => response.end('two'));
    });
    expect((await passing.client.get('/v2.1/flavors')).text).toBe('one,two');
    const old = await ask(passing, ['GET /v2.1/flavors HTTP/1.0', 'Host: nova']);
    expect(old).not.toMatch(/transfer-encoding/i);
    expect(old.split('\r\n\r\n')[1]).toBe('one,two');
  });

  it('passes over what a server says before its answer', async () => {
    const upstream = await upstreamOf(
      'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    );
    ({ passing } = upstream);
    expect(await ask(passing, ['GET /v2.1/flavors HTTP/1.1', 'Host: nova'])).toMatch(/^HTTP\/1\.1 200 OK/);
  });
});
