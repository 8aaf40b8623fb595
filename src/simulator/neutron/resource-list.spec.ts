import type { FastifyRequest } from 'fastify';
import { resourceList } from './resource-list.js';

const PORTS = [
  {
    id: 'p1',
    name: '',
    mtu: 1450,
    shared: true,
    tags: ['x'],
    fixed_ips: [{ subnet_id: 's', ip_address: '10.0.0.2' }],
  },
  {
    id: 'p2',
    name: 'two',
    mtu: 9000,
    shared: false,
    tags: [],
    fixed_ips: [{ subnet_id: 's', ip_address: '10.0.0.3' }],
  },
];

function list(search: string): Record<string, unknown> {
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(new URLSearchParams(search).keys())) {
    const values = new URLSearchParams(search).getAll(name);
    query[name] = values.length === 1 ? (values[0] as string) : values;
  }
  const originalUrl = `/network/v2.0/ports?${search}`;
  const request = { query, originalUrl, protocol: 'http', host: 'cloud', headers: {} };
  return resourceList(
    'ports',
    PORTS,
    PORTS[0] as object as Record<string, unknown>,
    request as FastifyRequest,
  ) as Record<string, unknown>;
}

function ids(search: string): string[] {
  return (list(search)['ports'] as { id: string }[]).map(({ id }) => id);
}

describe('a list of the network service', () => {
  it.each([
    ['', ['p1', 'p2']],
    ['id=p1', ['p1']],
    ['id=p1&id=p2', ['p1', 'p2']],
    ['id=p1&name=two', []],
    ['mtu=9000', ['p2']],
    ['shared=True', ['p1']],
    ['shared=0', ['p2']],
    ['tags=x', ['p1']],
    ['fixed_ips=ip_address%3D10.0.0.3', ['p2']],
    ['fixed_ips=subnet_id%3Ds', ['p1', 'p2']],
    ['sort_key=name&sort_dir=asc', ['p1', 'p2']],
  ])('filtered by %s has %j', (search, expected) => {
    expect(ids(search)).toEqual(expected);
  });

  it('has the attributes that are asked for', () => {
    expect(list('fields=id&fields=mtu')['ports']).toEqual([
      { id: 'p1', mtu: 1450 },
      { id: 'p2', mtu: 9000 },
    ]);
  });

  it('goes on from page to page until there is no more', () => {
    const first = list('limit=1');
    expect(first['ports_links']).toEqual([
      { rel: 'next', href: 'http://cloud/network/v2.0/ports?limit=1&marker=p1' },
    ]);
    expect(ids('limit=1&marker=p1')).toEqual(['p2']);
    expect(list('limit=1&marker=p1')).not.toHaveProperty('ports_links');
    expect(ids('limit=0')).toEqual(['p1', 'p2']);
  });

  it.each([
    ['color=red&id=p1', "['color'] is invalid attribute for filtering"],
    ['limit=x', 'Invalid input for limit'],
    ['marker=nosuch', 'Marker nosuch could not be found.'],
  ])('is refused for %s', (search, message) => {
    expect(() => list(search)).toThrow(message);
  });
});
