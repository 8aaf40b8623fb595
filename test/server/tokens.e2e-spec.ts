import type { Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { newServer } from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';

const ALICE = { token: 'alice:one' };
const MALLORY = { token: 'mallory:two' };

describe('requests', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  describe('with their id in the URL', () => {
    it.each(['/v2.1', '/v3'])('are answered under %s', async (version) => {
      for (const path of ['/servers', '/servers/detail', '/tasks', '/flavors', `/tasks?limit=1`]) {
        const { status } = await test.client.get(`${version}/one${path}`, ALICE);
        expect({ path, status }).toEqual({ path, status: 200 });
      }
    });

    it.each(['GET', 'POST'])('of another one are refused on %s', async (method) => {
      const { status, json } = await test.client.call(method, '/v2.1/one/servers', {
        ...MALLORY,
        ...(method === 'POST' && { body: newServer(), tag: 'wrong project' }),
      });
      expect(status).toBe(400);
      expect(json.badRequest.message).toBe(
        "Malformed request URL: URL's project_id 'one' doesn't match Context's project_id 'two'",
      );
      expect(await tasksOf(test.client, MALLORY, '?tag=wrong+project')).toEqual([]);
    });
  });

  describe('need a valid token:', () => {
    const INVALID: [what: string, call: Call][] = [
      ['none', { token: null }],
      ['an empty one', { token: '' }],
      ['rubbish', { token: 'rubbish' }],
      ['no user', { token: ':demo' }],
      ['no project', { token: 'alice:' }],
      ['one that was never issued', { token: 'A'.repeat(80) }],
      ['two', { token: null, headers: { 'X-Auth-Token': ['alice:one', 'mallory:two'] } }],
    ];
    it.each(INVALID)('%s is answered as by keystonemiddleware', async (_what, call) => {
      const message = 'The request you have made requires authentication.';
      for (const [method, path] of [
        ['GET', '/v3/servers'],
        ['POST', '/v2.1/servers'],
        ['GET', '/v3/tasks'],
        ['GET', '/v3/tasks/11111111-2222-4333-8444-555555555555'],
        ['GET', '/v3/servers/mine/tasks'],
        ['GET', '/v2.1/flavors'],
        ['PATCH', '/v3/no/such/route'],
        ['GET', '/v2.1/no-such-route'],
      ] as const) {
        const answer = await test.client.call(method, path, call);
        expect({ path, status: answer.status }).toEqual({ path, status: 401 });
        expect(answer.json).toEqual({ error: { code: 401, title: 'Unauthorized', message } });
        expect(answer.headers['www-authenticate']).toBe(`Keystone uri="${test.client.url}/identity/v3"`);
        expect(answer.headers['x-compute-request-id']).toMatch(/^req-/);
      }
    });

    it('with one, what does not exist is a 404', async () => {
      for (const path of ['/v3/nothing', '/v2.1/one/servers/a/b/c/d', '/v3/os-nothing']) {
        const { status, json } = await test.client.get(path, ALICE);
        expect({ path, status }).toEqual({ path, status: 404 });
        expect(json).toEqual({
          itemNotFound: { code: 404, message: 'The resource could not be found.' },
        });
      }
    });
  });
});
