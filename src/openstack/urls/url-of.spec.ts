import { urlOf } from './url-of.js';

describe('the URL of a request', () => {
  it('is taken apart once, under whichever object the request is known', () => {
    const raw = { url: '/tag/t/v3/servers/1?a=1' };
    const url = urlOf(raw);
    expect(url).toEqual({
      written: '/tag/t/v3/servers/1?a=1',
      target: '/tag/t/v3/servers/1?a=1',
      endpoint: { prefix: '/tag/t', tag: 't', encoding: 'plain' },
      untagged: '/v3/servers/1?a=1',
      api: { version: 'v3', projectId: null, rest: '/servers/1?a=1' },
    });
    // Routing has given Node's request another URL meanwhile.
    raw.url = '/v3/servers/1?a=1';
    expect(urlOf({ raw, originalUrl: '/tag/t/v3/servers/1?a=1' })).toBe(url);
  });

  it('is never that of another text', () => {
    const raw = { url: '/v2.1/servers' };
    urlOf(raw);
    raw.url = '/v2.1/demo/servers';
    expect(urlOf(raw).api).toEqual({ version: 'v2.1', projectId: 'demo', rest: '/servers' });
  });
});
