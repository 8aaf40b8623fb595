import { once } from 'node:events';
import { connect } from 'node:net';
import { bytes } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { countServers, expectRefused, newServer } from '../support/server/servers.js';

/** As bytes, the way Node gives and takes header values. */
const ODD_TAGS: [what: string, tag: string][] = [
  ['UTF-8', bytes('größe 東京 🚀')],
  ['a slash', 'a/b'],
  ['an escaped slash', 'a%2Fb'],
  ['a question mark', 'what?'],
  ['a hash', 'c#'],
  ['blanks', 'a  b c'],
  ['quotes', `"it's"`],
  ['a backslash', 'a\\b'],
  ['a plus and an ampersand', 'a+b&c=d'],
  ['a percent sign', '100%'],
  ['no UTF-8 at all', '\xff\xfe\x80'],
  ['a tab', 'a\tb'],
  ['the name of a route', 'detail'],
  ['the name of a collection', 'servers'],
  ['SQL', `'; DROP TABLE tasks; --`],
  ['a semicolon', 'a;b'],
  ['255 bytes', 'x'.repeat(255)],
  ['255 bytes of UTF-8', bytes('é'.repeat(127) + 'x')],
];

describe('a tag', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  describe.each(ODD_TAGS)('with %s', (_what, tag) => {
    const call = { tag, token: 'alice:odd' };
    const text = Buffer.from(tag, 'latin1').toString('utf8').includes('\ufffd')
      ? tag
      : Buffer.from(tag, 'latin1').toString('utf8');

    it('is echoed byte by byte, found by path and by query, and refused the second time', async () => {
      const first = await test.client.post('/v3/servers', newServer(), call);
      expect(first.status).toBe(202);
      expect(first.headers['task-tag']).toBe(tag);

      const byPath = await test.client.get(`/v3/servers/${percentEncoded(tag)}/tasks`, call);
      expect(byPath.status).toBe(200);
      expect(byPath.headers['task-tag']).toBe(tag);
      expect(byPath.json.tasks).toEqual([expect.objectContaining({ tag: text })]);

      const byQuery = await test.client.get(`/v3/tasks?tag=${percentEncoded(tag)}`, call);
      expect(byQuery.json.tasks).toEqual([
        expect.objectContaining({ uuid: byPath.json.tasks[0].uuid, tag: text }),
      ]);

      const server = await test.client.get(`/v3/servers/${percentEncoded(tag)}`, call);
      if (tag !== 'detail') {
        expect(server.json.server.id).toBe(first.json.server.id);
        expect(server.headers['task-tag']).toBe(tag);
      }
      expectRefused(await test.client.post('/v3/servers', newServer(), call));
    });
  });

  it.each(['.', '..'])('of %p, which no path can hold, is found by query', async (tag) => {
    const call = { tag, token: 'alice:dots' };
    expect((await test.client.post('/v3/servers', newServer(), call)).status).toBe(202);
    const { json } = await test.client.get(`/v3/tasks?tag=${tag}`, call);
    expect(json.tasks).toEqual([expect.objectContaining({ tag })]);
  });

  it.each([
    ['capital letters', 'Tag', 'tag'],
    ['a composed and a decomposed é', bytes('\u00e9'), bytes('e\u0301')],
    ['an accent', bytes('é'), 'e'],
    ['two emoji', bytes('🚀'), bytes('🚁')],
  ])('is compared exactly: %s make another tag', async (_what, one, other) => {
    const token = `alice:exact-${Buffer.from(one + other, 'latin1').toString('hex')}`;
    expect((await test.client.post('/v3/servers', newServer(), { tag: one, token })).status).toBe(202);
    const unknown = await test.client.get(`/v3/tasks?tag=${percentEncoded(other)}`, { token });
    expect(unknown.json.tasks).toEqual([]);
    expect((await test.client.post('/v3/servers', newServer(), { tag: other, token })).status).toBe(202);
    expect(await countServers(test.client, { token })).toBe(2);
  });

  it('is not the same with a blank behind it', async () => {
    const token = 'alice:blank';
    // A header's value has no blank at its end, so only a query can ask for such a tag.
    expect((await test.client.post('/v3/servers', newServer(), { tag: 'a', token })).status).toBe(202);
    const withBlank = await test.client.get('/v3/tasks?tag=a%20', { token });
    expect(withBlank.json.tasks).toEqual([]);
    expect((await test.client.get('/v3/servers/a%20/tasks', { token })).status).toBe(404);
  });

  it('found by path is the same with any spelling of its escapes', async () => {
    const call = { tag: 'a/ö', token: 'alice:spelling' };
    await test.client.post('/v3/servers', newServer(), { ...call, tag: bytes('a/ö') });
    for (const path of ['a%2F%C3%B6', 'a%2f%c3%b6', '%61%2F%C3%b6']) {
      const { status } = await test.client.get(`/v3/servers/${path}/tasks`, { token: call.token });
      expect({ path, status }).toEqual({ path, status: 200 });
    }
  });

  it('looking like a server id is found, unless a server has that id', async () => {
    const call = { token: 'alice:lookalike' };
    const id = (await test.client.post('/v3/servers', newServer(), call)).json.server.id as string;
    const free = '11111111-2222-4333-8444-555555555555';
    for (const tag of [id, free]) {
      await test.client.post('/v3/servers', newServer({ name: `tagged ${tag}` }), { ...call, tag });
    }
    const byId = await test.client.get(`/v3/servers/${id}/tasks`, call);
    expect(byId.json.tasks).toEqual([expect.objectContaining({ tag: null, resource: { server: id } })]);
    expect(byId.headers).not.toHaveProperty('task-tag');
    const byTag = await test.client.get(`/v3/servers/${free}/tasks`, call);
    expect(byTag.json.tasks).toEqual([expect.objectContaining({ tag: free })]);
    const query = await test.client.get(`/v3/tasks?tag=${id}`, call);
    expect(query.json.tasks).toEqual([expect.objectContaining({ tag: id })]);
  });

  describe('is refused with 400, and nothing is recorded', () => {
    const token = 'alice:refused';
    afterEach(async () => {
      const { json } = await test.client.get('/v3/tasks', { token });
      expect(json.tasks).toEqual([]);
      expect(await countServers(test.client, { token })).toBe(0);
    });

    it.each([
      ['256 bytes', 'x'.repeat(256)],
      ['256 bytes of UTF-8', bytes('é'.repeat(128))],
      ['nothing in it', ''],
    ])('with %s', async (_what, tag) => {
      const { status, json } = await test.client.post('/v3/servers', newServer(), { tag, token });
      expect(status).toBe(400);
      expect(json.badRequest.message).toMatch(/^Task-tag /);
    });

    it('with two header lines, even of the same tag', async () => {
      const { status, json } = await test.client.post('/v3/servers', newServer(), { tag: ['a', 'a'], token });
      expect(status).toBe(400);
      expect(json.badRequest.message).toMatch(/more than once/);
    });

    it('with only blanks', async () => {
      const body = JSON.stringify(newServer());
      const answer = await raw(
        `POST /v3/servers HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Auth-Token: ${token}\r\nTask-tag:   \r\n` +
          `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      expect(answer).toMatch(/^HTTP\/1.1 400 /);
    });
  });

  it('is ignored on requests that are no tasks, as SDKs send their headers with everything', async () => {
    const call = { tag: 'x'.repeat(300), token: 'alice:session' };
    for (const path of ['/v3/servers', '/v3/servers/detail', '/v3/flavors', '/v3/tasks', '/v3']) {
      const answer = await test.client.get(path, call);
      expect({ path, status: answer.status }).toEqual({ path, status: 200 });
      expect(answer.headers).not.toHaveProperty('task-tag');
    }
    const id = (await test.client.post('/v3/servers', newServer(), { token: call.token })).json.server
      .id as string;
    const renamed = await test.client.put(
      `/v3/servers/${id}`,
      { server: { name: 'new' } },
      { ...call, tag: 'session' },
    );
    expect(renamed.status).toBe(200);
    expect(renamed.headers).not.toHaveProperty('task-tag');
    expect((await test.client.get('/v3/tasks?tag=session', call)).json.tasks).toEqual([]);
  });

  async function raw(text: string): Promise<string> {
    const { hostname, port } = new URL(test.client.url);
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.write(text);
    await once(socket, 'close');
    return Buffer.concat(chunks).toString();
  }
});

function percentEncoded(tag: string): string {
  return Buffer.from(tag, 'latin1').reduce(
    (text, byte) => `${text}%${byte.toString(16).padStart(2, '0')}`,
    '',
  );
}
