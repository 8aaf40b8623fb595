import { parseUrl } from '../../openstack/urls/api-url.js';
import { type AccessRule, isAllowed } from './access-rules.js';

function rule(path: string, method = 'GET', service = 'compute'): AccessRule {
  return { service, method, path };
}

function allows(path: string, url: string): boolean {
  return isAllowed([rule(path)], { method: 'GET', url: parseUrl(url) });
}

describe('access rules', () => {
  it.each([
    ['/v2.1/servers', '/v2.1/servers'],
    ['/v2.1/servers', '/v2.1/servers?name=x'],
    ['/v2.1/servers', '/v2.1/servers/'],
    ['/v2.1/servers', '/v3/servers'],
    ['/v2.1/servers', '/v%33/servers'],
    ['/v2.1/servers', 'http://host/v2.1/servers'],
    ['/v2.1/servers/*', '/v2.1/servers/1'],
    ['/v2.1/servers/*/tasks', '/v3/servers/order%204711/tasks'],
    ['/v2.1/servers/{server_id}/tasks', '/v3/servers/a%2Fb/tasks'],
    ['/v2.1/servers/**', '/v2.1/servers/1/os-interface/2'],
    ['/v2.1/**/tasks', '/v2.1/servers/1/tasks'],
    ['/v2.1/*/servers', '/v2.1/4711/servers'],
    ['/v2.1/{project}/servers', '/v3/4711/servers'],
    ['**', '/v3/servers'],
    ['/v2.1/**', '/v3/servers'],
  ])('%s allows %s', (path, url) => {
    expect(allows(path, url)).toBe(true);
  });

  it.each([
    ['/v2.1/servers', '/v2.1/servers/1'],
    ['/v2.1/servers', '/v2.1/4711/servers'],
    ['/v2.1/servers', '/v2.1/serversx'],
    ['/v2.1/servers', '/v2x1/servers'],
    ['/v2.1/servers', '/v2.1/flavors?/v2.1/servers'],
    ['/servers', '/v2.1/servers'],
    ['/v3/servers', '/v3/servers'],
    ['/v2.1/servers/*', '/v2.1/servers'],
    ['/v2.1/servers/*', '/v2.1/servers/'],
    ['/v2.1/servers/*', '/v2.1/servers/1/tasks'],
    ['/v2.1/servers/{id}', '/v2.1/servers/1/tasks'],
    ['/v2.1/flavors/**', '/v2.1/flavors/../servers'],
    ['/v2.1/flavors/**', '/v2.1/flavors/%2E%2e/servers'],
    ['/v2.1/servers/(a|b)+', '/v2.1/servers/ab'],
    ['/v2.1/servers/{id', '/v2.1/servers/1'],
    ['**', '/identity/v3/auth/tokens'],
    ['**', '/image/v2/images'],
    ['', '/v3/servers'],
  ])('%s does not allow %s', (path, url) => {
    expect(allows(path, url)).toBe(false);
  });

  it('are of one service and one method', () => {
    const use = { method: 'POST', url: parseUrl('/v3/servers') };
    expect(isAllowed([rule('/v2.1/servers', 'POST')], use)).toBe(true);
    expect(isAllowed([rule('/v2.1/servers', 'GET')], use)).toBe(false);
    expect(isAllowed([rule('/v2.1/servers', 'POST', 'volume')], use)).toBe(false);
  });

  it('allow what any one of them allows, and none allow nothing', () => {
    const use = { method: 'GET', url: parseUrl('/v3/servers') };
    expect(isAllowed([rule('/v2.1/flavors'), rule('/v2.1/servers')], use)).toBe(true);
    expect(isAllowed([], use)).toBe(false);
  });

  it('of an unfriendly kind take no time', () => {
    const started = performance.now();
    expect(allows(`/v2.1/${'**a'.repeat(20)}x`, `/v2.1/servers/${'a'.repeat(8000)}`)).toBe(false);
    expect(allows(`/v2.1/${'*a'.repeat(20)}x`, `/v2.1/servers/${'a'.repeat(8000)}`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
