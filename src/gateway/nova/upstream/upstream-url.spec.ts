import { parseUrl } from '../../../openstack/urls/api-url.js';
import { upstreamTarget } from './upstream-url.js';

describe('the URL under which Nova gets a request', () => {
  it.each([
    ['/v2.1/servers/detail?limit=1&name=%7e', '/v2.1/servers/detail?limit=1&name=%7e'],
    ['/v2.1/d0a0/flavors/', '/v2.1/d0a0/flavors/'],
    ['/v2/flavors', '/v2/flavors'],
    ['/', '/'],
    ['/unknown//path', '/unknown//path'],
  ])('is the one that the client wrote: %s', (url, expected) => {
    expect(upstreamTarget(parseUrl(url), '')).toBe(expected);
    expect(upstreamTarget(parseUrl(url), '/compute')).toBe(`/compute${expected}`);
  });

  it.each([
    ['/v3/flavors', '/v2.1/flavors'],
    ['/v3', '/v2.1'],
    ['/v3?a=1', '/v2.1?a=1'],
    ['/%763/flavors', '/v2.1/flavors'],
  ])('has a version that Nova knows: %s', (url, expected) => {
    expect(upstreamTarget(parseUrl(url), '')).toBe(expected);
  });

  it.each([
    ['/tag/t1/v2.1/flavors', '/v2.1/flavors'],
    ['/tag/t%2F1/v3/flavors?a=1', '/v2.1/flavors?a=1'],
    ['http://gateway:8780/v2.1/flavors', '/v2.1/flavors'],
  ])('has neither a tag nor a host: %s', (url, expected) => {
    expect(upstreamTarget(parseUrl(url), '')).toBe(expected);
  });
});
