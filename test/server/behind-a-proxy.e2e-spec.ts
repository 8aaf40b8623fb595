import { startApp, type TestApp } from '../support/server/app.js';
import { newServer } from '../support/server/servers.js';

const SIGN_IN = {
  auth: {
    identity: { methods: ['password'], password: { user: { id: 'alice', password: 'any' } } },
    scope: { project: { id: 'seen' } },
  },
};

/** Where a client is told that the API begins, by everything that tells it. */
async function told({ client }: TestApp, tag: string, headers: Record<string, string>): Promise<string[]> {
  const call = { token: 'alice:seen', headers };
  const create = () => client.post('/v3/servers', newServer(), { ...call, tag });
  const [first, again] = [await create(), await create()];
  await client.post('/v3/servers', newServer({ name: 'other' }), { ...call, tag });
  const { json: page } = await client.get(`/v3/tasks?tag=${tag}&limit=1`, call);
  const { json: versions } = await client.get('/', call);
  const { json: inside } = await client.get('/tag/t/v2.1', call);
  const { json: identity } = await client.get('/identity/v3', call);
  const { json: signedIn } = await client.post('/identity/v3/auth/tokens', SIGN_IN, call);
  const refused = await client.get('/v3/servers', { ...call, token: null });
  const compute = signedIn.token.catalog.find(({ type }: { type: string }) => type === 'compute');
  const ends: [text: unknown, end: RegExp][] = [
    [first.headers['location'], /\/v3\/servers\/[\w-]+$/],
    [again.headers['link'], /\/v3\/tasks\/[\w-]+>; rel="related"$/],
    [page.tasks_links[0].href, /\/v3\/tasks\?.*$/],
    [versions.versions[0].links[0].href, /\/v2\.1\/$/],
    [inside.version.links[0].href, /\/tag\/t\/v2\.1\/$/],
    [identity.version.links[0].href, /\/identity\/v3\/$/],
    [compute.endpoints[0].url, /\/v2\.1$/],
    [refused.headers['www-authenticate'], /\/identity\/v3"$/],
  ];
  return ends.map(([text, end]) => {
    expect(text).toMatch(end);
    return String(text)
      .replace(end, '')
      .replace(/^(<|Keystone uri=")/, '');
  });
}

describe('links behind a proxy', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp({ ENABLE_PROXY_HEADERS_PARSING: '1' });
  });
  afterAll(() => test.close());

  const HOST = { Host: 'inner:8780' };

  it.each<[seen: string, headers: Record<string, string>]>([
    ['http://inner:8780', {}],
    ['https://inner:8780', { 'X-Forwarded-Proto': 'https' }],
    ['https://cloud.example', { 'X-Forwarded-Proto': 'HTTPS', 'X-Forwarded-Host': 'cloud.example' }],
    ['https://a.example', { 'X-Forwarded-Proto': 'https, http', 'X-Forwarded-Host': 'a.example, b' }],
    ['http://inner:8780/compute', { 'X-Forwarded-Prefix': '/compute/' }],
    [
      'https://[2001:db8::1]:8443/a/b',
      { Forwarded: 'proto=https;host="[2001:db8::1]:8443"', 'X-Forwarded-Prefix': '/a/b' },
    ],
    [
      'https://a.example',
      { Forwarded: 'For=192.0.2.60; PROTO=https;host=a.example, for=10.0.0.1;proto=http;host=b' },
    ],
    // As oslo.middleware: who has `Forwarded` is not asked for the older ones.
    [
      'https://inner:8780',
      { Forwarded: 'proto=https', 'X-Forwarded-Host': 'cloud.example', 'X-Forwarded-Proto': 'http' },
    ],
    [
      'http://inner:8780',
      { 'X-Forwarded-Proto': 'javascript', 'X-Forwarded-Host': 'a/../b', 'X-Forwarded-Prefix': '//evil' },
    ],
    [
      'http://inner:8780',
      { 'X-Forwarded-Proto': '', 'X-Forwarded-Host': '', 'X-Forwarded-Prefix': 'compute' },
    ],
    ['http://inner:8780', { Forwarded: 'host="a b";proto=' }],
  ])('begin at %s for %j', async (seen, headers) => {
    const tag = Buffer.from(JSON.stringify(headers)).toString('base64url').slice(0, 250);
    expect(await told(test, tag, { ...HOST, ...headers })).toEqual(Array<string>(8).fill(seen));
  });

  it('follow nothing that anybody says, unless the operator has said that a proxy stands in front', async () => {
    await test.restart({});
    const headers = {
      ...HOST,
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Prefix': '/evil',
      Forwarded: 'proto=https;host=evil.example',
    };
    expect(await told(test, 'nobody', headers)).toEqual(Array<string>(8).fill('http://inner:8780'));
  });
});
