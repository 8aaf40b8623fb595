import { startApp, type TestApp } from '../support/server/app.js';
import { Proxy } from '../support/network/proxies.js';
import { expectRefused, newServer } from '../support/server/servers.js';

/** As `docs/operating.md` says. */
const CAREFUL_NGINX = `location / { proxy_pass http://b; proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-Proto https; proxy_set_header Forwarded "";
  proxy_set_header X-Forwarded-Host ""; proxy_set_header X-Forwarded-Prefix ""; proxy_next_upstream off; }`;
const CAREFUL_APACHE = `AllowEncodedSlashes NoDecode
  ProxyPass / $b/ nocanon
  ProxyPreserveHost On
  RequestHeader set X-Forwarded-Proto https
  RequestHeader unset Forwarded
  RequestHeader unset X-Forwarded-Host
  RequestHeader unset X-Forwarded-Prefix`;
const CAREFUL_HAPROXY = `http-request set-header X-Forwarded-Proto https
  http-request del-header Forwarded
  http-request del-header X-Forwarded-Host
  http-request del-header X-Forwarded-Prefix`;

/** Resolves dots in a path, and decodes slashes. */
const PLAIN_NGINX = 'location / { proxy_pass http://b/; }';

const PROXIES: [name: string, start: (backend: string) => Promise<Proxy>][] = [
  ['HAProxy', (backend) => Proxy.haproxy(backend, CAREFUL_HAPROXY)],
  ['nginx as the documents say', (backend) => Proxy.nginx(backend, CAREFUL_NGINX)],
  ['nginx that resolves paths', (backend) => Proxy.nginx(backend, PLAIN_NGINX)],
  ['Apache as the documents say', (backend) => Proxy.apache(backend, CAREFUL_APACHE)],
  ['Apache as it comes', (backend) => Proxy.apache(backend, 'ProxyPass / $b/')],
  ['Varnish', (backend) => Proxy.varnish(backend)],
];

/** What a path cannot hold on every way. */
const TAGS = [
  '..',
  '.',
  'a/b',
  'job/',
  '/',
  'x/../job',
  '100%',
  'a%2Fb',
  '?#',
  'größe',
  'a b',
  'a//b',
  '%'.repeat(255),
];

describe.each(PROXIES)('a tag behind %s', (_name, start) => {
  let test: TestApp;
  let proxy: Proxy;
  beforeAll(async () => {
    test = await startApp({ ENABLE_PROXY_HEADERS_PARSING: '1' });
    proxy = await start(test.client.url);
  });
  afterAll(async () => {
    await proxy.stop();
    await test.close();
  });

  it.each(TAGS)('in base64url in the endpoint is the tag, and is found by ?tag=: %j', async (tag) => {
    const call = { token: `alice:${Buffer.from(tag).toString('hex').slice(0, 60)}` };
    const endpoint = `/tag64/${Buffer.from(tag).toString('base64url')}`;
    const created = await proxy.client.post(`${endpoint}/v2.1/servers`, newServer(), call);
    expect([created.status, created.headers['task-tag']]).toEqual([202, Buffer.from(tag).toString('latin1')]);
    expectRefused(await proxy.client.post(`${endpoint}/v2.1/servers`, newServer(), call));
    const { json } = await proxy.client.get(`/v3/tasks?tag=${encodeURIComponent(tag)}`, call);
    expect(json.tasks).toEqual([expect.objectContaining({ tag, task: 'create' })]);
    const { json: all } = await proxy.client.get(`${endpoint}/v3/tasks`, call);
    expect(all.tasks).toHaveLength(1);
  });
});

describe('links behind a proxy that is set up as the documents say', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp({ ENABLE_PROXY_HEADERS_PARSING: '1' });
  });
  afterAll(() => test.close());

  const MOUNTED = `location /compute/ { proxy_pass http://b/; proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-Proto https; proxy_set_header X-Forwarded-Prefix /compute; }`;

  it.each<[name: string, prefix: string, start: (backend: string) => Promise<Proxy>]>([
    ['HAProxy', '', (backend) => Proxy.haproxy(backend, CAREFUL_HAPROXY)],
    ['nginx', '', (backend) => Proxy.nginx(backend, CAREFUL_NGINX)],
    ['nginx, under a prefix', '/compute', (backend) => Proxy.nginx(backend, MOUNTED)],
    ['Apache', '', (backend) => Proxy.apache(backend, CAREFUL_APACHE)],
    // It sends the client's Host as X-Forwarded-Host by itself.
    [
      'Apache that does not keep Host',
      '',
      (backend) => Proxy.apache(backend, 'ProxyPass / $b/\nRequestHeader set X-Forwarded-Proto https'),
    ],
  ])('lead back to it: %s', async (name, prefix, start) => {
    const proxy = await start(test.client.url);
    try {
      const call = { token: `alice:${name.replaceAll(/\W/g, '-')}` };
      const seen = `https://${new URL(proxy.client.url).host}${prefix}`;
      const { json } = await proxy.client.get(`${prefix}/tag64/Li4/v2.1`, call);
      expect(json.version.links[0].href).toBe(`${seen}/tag64/Li4/v2.1/`);
      if (!name.includes(' ')) {
        const forged = {
          Forwarded: 'host=evil.example',
          'X-Forwarded-Host': 'evil.example',
          'X-Forwarded-Prefix': '/evil',
        };
        const document = await proxy.client.get('/v2.1/', { ...call, headers: forged });
        expect(document.json.version.links[0].href).toBe(`${seen}/v2.1/`);
      }
      const create = () => proxy.client.post(`${prefix}/tag64/Li4/v2.1/servers`, newServer(), call);
      const created = await create();
      const { id } = created.json.server;
      expect(created.headers['location']).toBe(`${seen}/tag64/Li4/v2.1/servers/${id}`);
      const refused = await create();
      expectRefused(refused);
      expect(refused.headers['link']).toBe(
        `<${seen}/v3/tasks/${refused.json.conflictingRequest.task.uuid}>; rel="related"`,
      );
    } finally {
      await proxy.stop();
    }
  });
});
