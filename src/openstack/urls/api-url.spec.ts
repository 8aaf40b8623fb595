import fastify, { type FastifyInstance } from 'fastify';
import { type AddressInfo, connect } from 'node:net';
import { decodeBytes } from '../../url/percent-encoding.js';
import { fingerprintUrl, parseUrl, routingUrl } from './api-url.js';
import { urlOf } from './url-of.js';

describe('an API URL', () => {
  it.each([
    ['/v3/servers', 'v3', null, '/servers'],
    ['/v2.1/servers', 'v2.1', null, '/servers'],
    ['/v2/servers', 'v2', null, '/servers'],
    ['/v2.1/servers?limit=1', 'v2.1', null, '/servers?limit=1'],
    ['/v2.1/6f70656e737461636b/servers', 'v2.1', '6f70656e737461636b', '/servers'],
    ['/v2.1/demo/servers/1/action', 'v2.1', 'demo', '/servers/1/action'],
    ['/v3/demo/tasks?tag=a', 'v3', 'demo', '/tasks?tag=a'],
    ['/v2.1/demo/flavors/detail', 'v2.1', 'demo', '/flavors/detail'],
    ['/v2.1/my%20project/servers', 'v2.1', 'my%20project', '/servers'],
    ['/v3', 'v3', null, ''],
    ['/v3/', 'v3', null, '/'],
    ['/v3?a=1', 'v3', null, '?a=1'],
    ['/v2.1/demo', 'v2.1', null, '/demo'],
    ['/v2.1/demo/unknown', 'v2.1', null, '/demo/unknown'],
    ['/v3//servers', 'v3', null, '/servers'],
    ['//v2.1/demo//servers//1?a=//', 'v2.1', 'demo', '/servers/1?a=//'],
    ['/tag/a//v2.1/servers', 'v2.1', null, '/servers'],
    ['/v2.1/demo/os-volumes_boot', 'v2.1', 'demo', '/os-volumes_boot'],
  ])('%s has its parts', (url, version, projectId, rest) => {
    expect(parseUrl(url).api).toEqual({ version, projectId, rest });
  });

  it.each([
    ['/v3/servers/limits/tasks', '/servers/limits/tasks'],
    ['/v3/servers/servers', '/servers/servers'],
    ['/v3/servers/servers/tasks', '/servers/servers/tasks'],
    ['/v3/servers/tasks/tasks', '/servers/tasks/tasks'],
    ['/v3/%73ervers/limits/tasks', '/%73ervers/limits/tasks'],
    ['/v3/tasks/servers', '/tasks/servers'],
  ])('%s has no project id: a tag may be spelled like a collection', (url, rest) => {
    expect(parseUrl(url).api).toEqual({ version: 'v3', projectId: null, rest });
  });

  it.each([
    ['/v2.1/demo/servers/limits/tasks', 'demo', '/servers/limits/tasks'],
    ['/v2.1/demo/%73ervers', 'demo', '/%73ervers'],
    ['/v2.1/v2.1/servers', 'v2.1', '/servers'],
  ])('%s has one', (url, projectId, rest) => {
    expect(parseUrl(url).api).toEqual({ version: 'v2.1', projectId, rest });
  });

  it.each([
    ['an escaped version', '/%763/servers', 'v3'],
    ['an escaped dot', '/v2%2e1/servers', 'v2.1'],
    ['scheme and host before it', 'http://cloud.example:8780/v3/servers', 'v3'],
    ['them in capitals', 'HTTPS://CLOUD/v2.1/servers', 'v2.1'],
  ])('may have %s', (_, url, version) => {
    expect(parseUrl(url).api).toEqual({ version, projectId: null, rest: '/servers' });
  });

  it.each([
    '',
    '*',
    '/',
    '/servers',
    '/v3.1/servers',
    '/v30/servers',
    '/v2.10/servers',
    '/v2x1/servers',
    '/V3/servers',
    '/v3%2Fservers',
    'v3/servers',
    'x/v3/servers',
    '/identity/v3/auth/tokens',
    '/image/v2/images',
    'http://v3/servers',
    'http://cloud?/v3/servers',
    'ftp://cloud/v3/servers',
  ])('%j is none', (url) => {
    expect(parseUrl(url).api).toBeNull();
  });
});

describe('the URL in a fingerprint', () => {
  it('is the same for both versions, with a project id or without', () => {
    const urls = ['/v3', '/v2.1', '/v3/demo', '/v2.1/demo', '/%763', 'http://cloud/v3'];
    const prints = urls.map((base) => fingerprintUrl(parseUrl(`${base}/servers/1/action?a=1`)));
    expect(new Set(prints)).toEqual(new Set(['/servers/1/action?a=1']));
  });

  it('is the URL itself outside the API', () => {
    expect(fingerprintUrl(parseUrl('/image/v2/images'))).toBe('/image/v2/images');
  });
});

describe('a request is routed', () => {
  it.each([
    ['/v2.1/servers', '/v3/servers'],
    ['/v2.1/demo/servers/1', '/v3/servers/1'],
    ['/v3/servers?tag=%FF&limit=1', '/v3/servers?tag=%FF&limit=1'],
    ['/v3/servers?', '/v3/servers'],
    ['/v3', '/v3'],
    ['/v2.1/', '/v3/'],
    ['/v3/servers/%C3%A9', '/v3/servers/%C3%A9'],
    ['/v3/servers/%FF/tasks', '/v3/servers/%25FF/tasks'],
    ['/v3/servers/%C3%A9%FF/tasks', '/v3/servers/%25C3%25A9%25FF/tasks'],
    ['/v3/servers/100%/tasks', '/v3/servers/100%25/tasks'],
    ['/v3/servers/a#b/tasks', '/v3/servers/a%23b/tasks'],
    ['/image/v2/images/%FF', '/image/v2/images/%FF'],
  ])('%s as %s', (url, routed) => {
    expect(routingUrl(parseUrl(url))).toBe(routed);
  });
});

describe('through a router, the tag in a path', () => {
  let server: FastifyInstance;
  let port: number;

  beforeAll(async () => {
    server = fastify({
      rewriteUrl: (request) => routingUrl(urlOf(request)),
      routerOptions: { maxParamLength: 1000, ignoreTrailingSlash: true },
    });
    server.get('/v3/servers/:key/tasks', (request, reply) => {
      const tag = decodeBytes(urlOf(request).api?.rest.split('/')[2] ?? '');
      void reply.send(Buffer.from(tag, 'latin1'));
    });
    await server.listen({ port: 0, host: '127.0.0.1' });
    port = (server.server.address() as AddressInfo).port;
  });

  afterAll(() => server.close());

  it.each([
    ['a plain one', 'vm-1', 'vm-1'],
    ['one like a collection', 'limits', 'limits'],
    ['one like a version', 'v3', 'v3'],
    ['a slash', 'a%2Fb', 'a/b'],
    ['a question mark', 'a%3Fb', 'a?b'],
    ['a number sign', 'a%23b', 'a#b'],
    ['a bare number sign', 'a#b', 'a#b'],
    ['an escape', '%252F', '%2F'],
    ['a percent sign', '100%', '100%'],
    ['a blank', 'a%20b', 'a b'],
    ['a plus', 'a+b', 'a+b'],
    ['a quote and a backslash', '%22%5C', '"\\'],
    ['UTF-8', '%C3%A9', 'Ã©'],
    ['bytes that are no UTF-8', '%FF%C3', '\xffÃ'],
    ['255 bytes', '%FF'.repeat(255), '\xff'.repeat(255)],
  ])('arrives as it is: %s', async (_, escaped, tag) => {
    for (const base of ['/v3', '/v2.1', '/v2.1/demo', '/%763', `http://127.0.0.1:${port}/v2.1`]) {
      const answer = await get(`${base}/servers/${escaped}/tasks`);
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toBe(tag);
    }
  });

  async function get(url: string): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET ${url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 'latin1');
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('latin1');
  }
});
