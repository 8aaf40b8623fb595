import type { Answer, Call } from '../support/network/http.js';
import { sendRaw } from '../support/network/raw-http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { createServer, newServer, untilEnded } from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';

const REQUEST_ID = /^req-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const CLIENT_ID = 'req-00000000-1111-4222-8333-444444444444';
const CALL = { token: 'alice:conventions' };
const HOST = { Host: 'cloud.example:1234' };

describe('the conventions of OpenStack', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  const get = (path: string, call: Call = CALL) => test.client.get(path, call);

  const ANSWERS: [what: string, status: number, send: () => Promise<Answer>][] = [
    ['a version document', 200, () => get('/', { token: null })],
    ['a list', 200, () => get('/v3/servers')],
    ['a create', 202, () => test.client.post('/v3/servers', newServer(), CALL)],
    ['a schema error', 400, () => test.client.post('/v3/servers', {}, CALL)],
    ['malformed JSON', 400, () => test.client.post('/v3/servers', '{', CALL)],
    ['no token', 401, () => get('/v3/servers', { token: null })],
    ['no server', 404, () => get('/v3/servers/none')],
    ['no route', 404, () => get('/v3/none')],
    ['nothing of the API', 404, () => get('/none')],
    ['a path that is none', 400, () => get('/%zz')],
    ['a wrong microversion', 406, () => get('/v3/servers', { ...CALL, version: '2.999' })],
    ['a long body', 413, () => test.client.post('/v3/servers', 'x'.repeat(200_000), CALL)],
    [
      'another media type',
      415,
      () => test.client.post('/v3/servers', '<a/>', { ...CALL, headers: { 'Content-Type': 'text/xml' } }),
    ],
    ['an image that is none', 404, () => get('/image/v2/images/none')],
    [
      'an unknown token',
      404,
      () => get('/identity/v3/auth/tokens', { ...CALL, headers: { 'X-Subject-Token': ':' } }),
    ],
  ];

  it.each(ANSWERS)('the answer to %s is kept by no cache', async (...[, status, send]) => {
    const answer = await send();
    expect([answer.status, answer.headers['cache-control']]).toEqual([status, 'no-store']);
  });

  describe('request ids', () => {
    it.each(ANSWERS)("are in the answer to %s, never the client's own", async (...[, status, send]) => {
      const [one, other] = [await send(), await send()];
      for (const { headers, status: got } of [one, other]) {
        expect(got).toBe(status);
        expect(headers['x-compute-request-id']).toMatch(REQUEST_ID);
        expect(headers['x-openstack-request-id']).toBe(headers['x-compute-request-id']);
      }
      expect(one.headers['x-compute-request-id']).not.toBe(other.headers['x-compute-request-id']);
    });

    it.each([
      [CLIENT_ID, 1],
      [CLIENT_ID.toUpperCase(), 0],
      ['my-own-id', 0],
      ['req-1', 0],
    ])('of the client (%s) are never echoed, and kept only in the form of OpenStack', async (id, kept) => {
      const call = { token: 'alice:ids', headers: { 'X-OpenStack-Request-ID': id } };
      const answer = await test.client.post('/v3/servers', newServer(), call);
      expect(answer.headers['x-openstack-request-id']).toMatch(REQUEST_ID);
      expect(answer.headers['x-openstack-request-id']).not.toBe(id);
      const tasks = await tasksOf(test.client, call, `?request_id=${encodeURIComponent(id)}`);
      expect(tasks.map(({ request_id }) => request_id)).toEqual(
        kept === 1 ? [answer.headers['x-openstack-request-id']] : [],
      );
    });
  });

  describe('version documents', () => {
    const nobody = { token: null, headers: HOST };
    const self = { rel: 'self', href: 'http://cloud.example:1234/v2.1/' };

    it('list the versions at /', async () => {
      const { status, json } = await get('/', nobody);
      expect(status).toBe(200);
      expect(json.versions).toContainEqual({
        id: 'v2.1',
        status: 'CURRENT',
        version: '2.60',
        min_version: '2.1',
        updated: expect.any(String),
        links: [self],
      });
    });

    it.each(['/v2.1', '/v2.1/', '/v3', '/v3/'])('describe it at %s, without a token', async (path) => {
      const { status, json } = await get(path, nobody);
      expect(status).toBe(200);
      expect(json.version).toMatchObject({
        id: 'v2.1',
        status: 'CURRENT',
        version: '2.60',
        min_version: '2.1',
        links: [self, { rel: 'describedby' }],
        'media-types': [
          { base: 'application/json', type: 'application/vnd.openstack.compute+json;version=2.1' },
        ],
      });
    });
  });

  describe('microversions', () => {
    const paths = ['/v3/servers', '/v2.1/flavors/detail', '/v3/tasks', '/v3/none'];

    it.each([
      [{}, '2.1'],
      [{ 'OpenStack-API-Version': 'compute 2.42' }, '2.42'],
      [{ 'OpenStack-API-Version': 'compute latest' }, '2.60'],
      [{ 'OpenStack-API-Version': 'volume 3.1, compute 2.3' }, '2.3'],
      [{ 'OpenStack-API-Version': 'volume 3.1' }, '2.1'],
      [{ 'X-OpenStack-Nova-API-Version': '2.42' }, '2.42'],
      [{ 'X-OpenStack-Nova-API-Version': '2.42', 'OpenStack-API-Version': 'compute 2.5' }, '2.5'],
    ])('asked for by %j are answered with %s', async (headers, version) => {
      for (const path of paths) {
        const answer = await get(path, { ...CALL, headers });
        expect({ path, version: answer.headers['openstack-api-version'] }).toEqual({
          path,
          version: `compute ${version}`,
        });
        expect(answer.headers['x-openstack-nova-api-version']).toBe(version);
      }
    });

    it('are named in two Vary lines, also of errors', async () => {
      for (const path of ['/v3/servers', '/v3/servers/none', '/v3/none']) {
        const answer = await sendRaw(
          test.client,
          `GET ${path} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: alice:demo\r\nConnection: close\r\n\r\n`,
        );
        expect(answer.match(/^vary: .*$/gim)).toEqual([
          expect.stringMatching(/: OpenStack-API-Version$/),
          expect.stringMatching(/: X-OpenStack-Nova-API-Version$/),
        ]);
      }
    });

    it.each(['2.61', '2.999', '2.0', '1.1', '3.0'])('that are not there (%s) are a 406', async (version) => {
      const { status, json, headers } = await get('/v3/servers', { ...CALL, version });
      expect([status, json]).toEqual([
        406,
        {
          computeFault: {
            code: 406,
            message: `Version ${version} is not supported by the API. Minimum is 2.1 and maximum is 2.60.`,
          },
        },
      ]);
      expect(headers['vary']).toBe('OpenStack-API-Version, X-OpenStack-Nova-API-Version');
    });

    it.each(['x', '2', '2.01', '2.1.1', '-2.1', 'LATEST'])(
      'that are none (%s) are a 400',
      async (version) => {
        const { status, json } = await get('/v3/servers', { ...CALL, version });
        expect([status, json.badRequest.message]).toEqual([
          400,
          `API Version String ${version} is of invalid format. Must be of format MajorNum.MinorNum.`,
        ]);
      },
    );

    it('that are wrong keep a create from being recorded', async () => {
      const call = { token: 'alice:wrong-version', tag: 'x', version: '2.999' };
      expect((await test.client.post('/v3/servers', newServer(), call)).status).toBe(406);
      expect(await tasksOf(test.client, call)).toEqual([]);
    });
  });

  describe('links', () => {
    it.each([
      ['/v3', '/v3', ''],
      ['/v2.1', '/v2.1', ''],
      ['/v2.1/links', '/v2.1/links', '/links'],
      ['/v3/links', '/v3/links', '/links'],
    ])('of %s are by the Host and have the project only if the URL had', async (base, self, bookmark) => {
      const call = { token: 'alice:links', headers: HOST };
      const created = await test.client.post(`${base}/servers`, newServer(), { ...call, tag: base });
      const { id, links } = created.json.server;
      const origin = 'http://cloud.example:1234';
      const expected = [
        { rel: 'self', href: `${origin}${self}/servers/${id}` },
        { rel: 'bookmark', href: `${origin}${bookmark}/servers/${id}` },
      ];
      expect(created.headers['location']).toBe(expected[0]?.href);
      expect(links).toEqual(expected);
      expect((await get(`${base}/servers/${id}`, call)).json.server.links).toEqual(expected);
      const [listed] = (await get(`${base}/servers`, call)).json.servers;
      expect(listed.links).toEqual(expected);
      const [flavor] = (await get(`${base}/flavors`, call)).json.flavors;
      expect(flavor.links[0].href).toBe(`${origin}${self}/flavors/1`);
    });

    it('have the address of the server when the request has no Host, as HTTP/1.0 may', async () => {
      const answer = await sendRaw(test.client, 'GET /v3 HTTP/1.0\r\n\r\n');
      expect(answer).toMatch(/^HTTP\/1\.[01] 200 /);
      expect(answer).toContain(`"href":"${test.client.url}/v2.1/"`);
    });

    it('to the next page keep the whole query', async () => {
      for (let n = 0; n < 2; n += 1)
        await untilEnded(test.client, await createServer(test.client, {}, CALL), CALL);
      const { json } = await get('/v3/tasks?state=success&state=failure&limit=1&task=create');
      expect(json.tasks_links).toEqual([
        {
          rel: 'next',
          href: `${test.client.url}/v3/tasks?state=success&state=failure&limit=1&task=create&marker=${json.tasks[0].uuid}`,
        },
      ]);
    });
  });
});
