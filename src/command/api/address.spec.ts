import { addressOf, requestUrl } from './address.js';

it.each([
  ['http://c:8780/v3', 'http://c:8780/v3/tasks'],
  ['http://c:8780/v3/', 'http://c:8780/v3/tasks'],
  ['http://c:8780', 'http://c:8780/v3/tasks'],
  ['https://c/compute/v2.1', 'https://c/compute/v2.1/tasks'],
  ['https://c/v2.1/0123abcd', 'https://c/v2.1/0123abcd/tasks'],
  ['https://c/v3/tasks', 'https://c/v3/tasks'],
])('%s is a compute endpoint', (url, list) => {
  expect(addressOf(url)).toMatchObject({ kind: 'openstack', list });
  expect(requestUrl(addressOf(url), '/v3/servers')).toBe(list.replace(/tasks$/, 'servers'));
  expect(requestUrl(addressOf(url), '/servers/a%2Fb/action')).toBe(
    list.replace(/tasks$/, 'servers/a%2Fb/action'),
  );
});

it.each(['https://shop/tasks', 'https://shop/api/jobs/'])('%s is the list of a library host', (url) => {
  const address = addressOf(url);
  expect(address).toMatchObject({ kind: 'host', list: url.replace(/\/$/, '') });
  expect(requestUrl(address, '/orders?x=1')).toBe('https://shop/orders?x=1');
});

it('either may be said', () => {
  expect(addressOf('https://shop/v3', 'host').list).toBe('https://shop/v3');
  expect(addressOf('https://c/nova', 'openstack').list).toBe('https://c/nova/tasks');
});

it.each(['shop/tasks', 'https://shop/tasks?tag=1', 'https://ann:secret@shop/tasks'])(
  '%s is no address',
  (url) => {
    expect(() => addressOf(url)).toThrow(/^(?!.*secret).*(no URL|no query|no user)/);
  },
);

it.each(['servers', '//evil/servers', '/../../identity', '/servers/../..'])(
  'the path %s does not lead out of the endpoint',
  (path) => {
    expect(() => requestUrl(addressOf('https://c/nova/v2.1'), path)).toThrow(/must begin|leads out/);
  },
);
