import type { FastifyRequest } from 'fastify';
import { disguiseOf } from './disguise.js';

const ID = '3f6a2b1c-9d8e-4a53-9d1f-000000000001';

function disguise(method: string, originalUrl: string, headers: object = {}, route?: string) {
  const routeOptions = { url: route };
  const request = { method, originalUrl, headers, is404: route === undefined, routeOptions };
  return disguiseOf(request as unknown as FastifyRequest)?.status ?? null;
}

describe('a request that Nova could read as another one', () => {
  it.each([
    ['DELETE', `/v2.1/servers/${ID}%2Fos-interface%2Fx`, 404],
    ['POST', '/v2.1%2fservers', 404],
    ['POST', '/v2.1/servers%0a', 404],
    ['POST', '/v2.1/servers#', 404],
    ['DELETE', '/v2.1/servers/..', 404],
    ['DELETE', `/v2.1/servers/${ID}/os-interface/%2e%2E`, 404],
    ['GET', '/v2.1/flavors/../servers', 404],
    ['PUT', `/v2.1/servers/${ID}?_method=DELETE`, 400],
    ['GET', '/v2.1/servers?a=1&_method=POST', 400],
    ['GET', '/v2.1/servers?a=_method&%5Fmethod=POST', 400],
    ['GET', '/v2.1/servers?a=1;_method', 400],
  ])('%s %s is refused', (method, url, status) => {
    expect(disguise(method, url)).toBe(status);
    if (!url.includes('..')) expect(disguise(method, url, {}, '/v3/servers/:id')).toBe(status);
  });

  it('is refused as a form, whatever is in it', () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    expect(disguise('POST', `/v2.1/servers/${ID}`, form)).toBe(415);
    expect(disguise('POST', '/v2.1/servers', { 'content-type': 'multipart/form-data; boundary=x' })).toBe(
      415,
    );
  });

  it('is refused when a media type names the version that the path has not', () => {
    const type = 'application/json; version="2.1/x"';
    expect(disguise('POST', '/servers', { 'content-type': type })).toBe(404);
    expect(disguise('POST', '/servers', { accept: type })).toBe(404);
    expect(disguise('POST', '/v2.1/servers', { accept: type })).toBeNull();
    expect(disguise('GET', '/servers', { accept: type })).toBeNull();
  });

  it.each([
    ['POST', '/v2.1/servers'],
    ['POST', '/tag/a%2Fb%0A/v2.1/servers'],
    ['GET', '/v3/servers/a%2Fb/tasks'],
    ['GET', '/v2.1/flavors?name=..%2F'],
    ['GET', '/v2.1/servers/detail?name=pay_method&sort_key=_method'],
    ['DELETE', `/v2.1/servers/${ID}/metadata/a%20b`],
  ])('but not one that cannot be: %s %s', (method, url) => {
    expect(disguise(method, url)).toBeNull();
  });
});
