import type { Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { createServer, untilServer } from '../support/server/servers.js';
import { until } from '../support/until.js';

describe('servers', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  const get = async (path: string, call: Call) => (await test.client.get(path, call)).json;
  const untilGone = (id: string, call: Call) =>
    until(`${id} to be gone`, async () => (await test.client.get(`/v3/servers/${id}`, call)).status === 404);

  describe('are listed', () => {
    const call = { token: 'alice:lists' };
    const names = async (query: string, path = '/v3/servers') =>
      (await get(`${path}?sort_key=display_name&sort_dir=asc&${query}`, call)).servers.map(
        ({ name }: any) => name,
      );
    beforeAll(async () => {
      const ids: string[] = [];
      for (const name of ['db', 'web-1', 'web-2']) ids.push(await createServer(test.client, { name }, call));
      await test.client.post(`/v3/servers/${ids[0]}/action`, { 'os-stop': null }, call);
      await untilServer(test.client, ids[0] as string, ({ status }) => status === 'SHUTOFF', call);
    });

    it.each([
      ['', ['db', 'web-1', 'web-2']],
      ['name=web', ['web-1', 'web-2']],
      ['name=^web-1$', ['web-1']],
      ['name=none', []],
      ['status=active', ['web-1', 'web-2']],
      ['status=SHUTOFF', ['db']],
      ['flavor=1', ['db', 'web-1', 'web-2']],
      ['flavor=2', []],
      ['image=70a599e0-31e7-49b7-b260-868f441e862b', ['db', 'web-1', 'web-2']],
      ['changes-since=2099-01-01T00:00:00Z', []],
      ['unknown=ignored', ['db', 'web-1', 'web-2']],
    ])('by ?%s', async (query, expected) => {
      expect(await names(query)).toEqual(expected);
      expect(await names(query, '/v3/servers/detail')).toEqual(expected);
    });

    it('page by page, by their links', async () => {
      const found: string[] = [];
      let next: string | undefined = `${test.client.url}/v2.1/lists/servers?limit=1`;
      while (next !== undefined) {
        const { servers, servers_links } = await get(next.slice(test.client.url.length), call);
        found.push(...servers.map(({ name }: any) => name));
        expect(servers).toHaveLength(1);
        next = servers_links?.[0].href as string | undefined;
        if (next !== undefined) expect(next).toMatch(/\/v2\.1\/lists\/servers\?limit=1&marker=/);
      }
      expect(found).toEqual(['web-2', 'web-1', 'db']);
    });

    it.each([
      ['limit=x', /^Invalid input for query parameters limit\. Value: x\. /],
      ['limit=-1', /^Invalid input for query parameters limit\. Value: -1\. /],
      ['marker=x', /^marker \[x\] not found$/],
      ['changes-since=x', /^Invalid input for query parameters changes-since\./],
    ])('never by ?%s', async (query, message) => {
      const { badRequest } = await get(`/v3/servers?${query}`, call);
      expect(badRequest).toEqual({ code: 400, message: expect.stringMatching(message) });
    });

    it('deleted ones with changes-since only', async () => {
      const id = await createServer(test.client, { name: 'zzz' }, call);
      await test.client.delete(`/v3/servers/${id}`, call);
      await untilGone(id, call);
      expect(await names('')).not.toContain('zzz');
      const since = await get('/v3/servers/detail?name=zzz&changes-since=2000-01-01T00:00:00Z', call);
      expect(since.servers).toEqual([expect.objectContaining({ id, status: 'DELETED' })]);
    });
  });
});
