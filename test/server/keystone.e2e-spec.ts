import { createDatabase } from '../support/database/database.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { IdentityClient } from '../support/server/identity.js';
import { ServerProcess } from '../support/server/server-process.js';
import { createServer, expectRefused, newServer } from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';
import { until } from '../support/until.js';

const UNAVAILABLE = {
  serviceUnavailable: { code: 503, message: 'The Keystone service is temporarily unavailable.' },
};

/** The identity service of one server plays Keystone for others. */
describe('with IDENTITY=keystone', () => {
  let keystone: TestApp;
  let identity: IdentityClient;
  let test: TestApp;
  beforeAll(async () => {
    keystone = await startApp();
    identity = new IdentityClient(`${keystone.client.url}/identity/v3`);
    test = await startApp(settings());
  });
  afterAll(async () => {
    identity.close();
    await test.close();
    await keystone.close();
  });

  /** Settings of a server that validates against it; `more` wins. */
  function settings(more: Record<string, string> = {}): Record<string, string> {
    return {
      IDENTITY: 'keystone',
      OS_AUTH_URL: identity.url,
      OS_USERNAME: 'admin',
      OS_PASSWORD: 'own secret',
      OS_PROJECT_NAME: 'service',
      ...more,
    };
  }

  async function status(token: string, from = test): Promise<number> {
    return (await from.client.get('/v3/servers', { token })).status;
  }

  async function withServer(more: Record<string, string>, look: (server: TestApp) => Promise<void>) {
    const server = await startApp(settings(more));
    try {
      await look(server);
    } finally {
      await server.close();
    }
  }

  it('a token of Keystone’s says who and where', async () => {
    const call = { token: await identity.token({ user: 'alice', project: 'alpha' }), tag: 'mine' };
    expect((await test.client.post('/v3/servers', newServer(), call)).status).toBe(202);
    expectRefused(await test.client.post('/v3/servers', newServer(), call));
    expect(await tasksOf(test.client, call)).toEqual([
      expect.objectContaining({ tag: 'mine', user_id: 'alice', project_id: 'alpha' }),
    ]);
    expect((await test.client.get('/v2.1/alpha/servers', call)).status).toBe(200);
    expect((await test.client.get('/v2.1/beta/servers', call)).status).toBe(400);
  });

  it('two tenants do not see each other, an administrator sees both', async () => {
    const alice = { token: await identity.token({ user: 'alice', project: 'one' }), tag: 'same' };
    const bob = { token: await identity.token({ user: 'bob', project: 'two' }), tag: 'same' };
    const id = await createServer(test.client, {}, alice);
    expect((await test.client.get(`/v3/servers/${id}`, bob)).status).toBe(404);
    expect((await test.client.get('/v3/servers/same/tasks', bob)).status).toBe(404);
    expect((await test.client.post('/v3/servers', newServer(), bob)).status).toBe(202);

    const all = '/v3/tasks?all_tenants=1&tag=same';
    expect((await test.client.get(all, bob)).status).toBe(403);
    const admin = { token: await identity.token({ user: 'admin', project: 'ops' }) };
    expect((await test.client.get(all, admin)).json.tasks).toHaveLength(2);
  });

  it.each([
    ['none', () => Promise.resolve('')],
    ['one that was never issued', () => Promise.resolve('A'.repeat(80))],
    ['one with odd characters', () => Promise.resolve('\xe4 b\x80')],
    ['one without a project', () => identity.token({ user: 'alice', project: null })],
    [
      'a revoked one',
      async () => {
        const token = await identity.token({ user: 'alice', project: 'alpha' });
        await identity.revoke(token);
        return token;
      },
    ],
  ])('of tokens, %s is answered 401, and where to get another', async (_what, make) => {
    const answer = await test.client.get('/v3/servers', { token: await make() });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(`Keystone uri="${identity.url}"`);
    expect(answer.json.error.message).toBe('The request you have made requires authentication.');
  });

  it('a token that is revoked after it was used is remembered; another server asks', async () => {
    const token = await identity.token({ user: 'alice', project: 'alpha' });
    expect(await status(token)).toBe(200);
    await identity.revoke(token);
    expect(await status(token)).toBe(200);
    await withServer({}, async (other) => expect(await status(token, other)).toBe(401));
  });

  it('headers that claim an identity are not believed', async () => {
    const claims = {
      'X-Identity-Status': 'Confirmed',
      'X-User-Id': 'admin',
      'X-User': 'admin',
      'X-Project-Id': 'beta',
      'X-Tenant-Id': 'beta',
      'X-Roles': 'admin',
      'X-Is-Admin-Project': 'True',
      'X-Service-Token': 'anything',
      'X-Service-Identity-Status': 'Confirmed',
      'X-Service-Roles': 'service',
      'OpenStack-System-Scope': 'all',
    };
    expect((await test.client.get('/v3/servers', { token: null, headers: claims })).status).toBe(401);
    const token = await identity.token({ user: 'alice', project: 'alpha' });
    const call = { token, headers: claims, tag: 'claimed' };
    await test.client.post('/v3/servers', newServer(), call);
    const [task] = await tasksOf(test.client, { token }, '?tag=claimed');
    expect(task).toMatchObject({ user_id: 'alice', project_id: 'alpha' });
    expect((await test.client.get('/v3/tasks?all_tenants=1', call)).status).toBe(403);
  });

  it('there is no other identity service, and Swagger UI is not signed in', async () => {
    const token = await identity.token({ user: 'alice', project: 'alpha' });
    for (const path of ['/identity', '/identity/v3', '/identity/v3/auth/tokens']) {
      expect((await test.client.get(path, { token })).status).toBe(404);
    }
    const { text } = await test.client.get('/docs/swagger-ui-init.js', { token: null });
    expect(text).toContain('/v3/servers');
    expect(text).not.toContain('alice:demo');
  });

  it('the console signs in at Keystone by way of the server', async () => {
    const at = '/console/auth/tokens';
    const user = { name: 'alice', domain: { name: 'Default' }, password: 'secret' };
    const scope = { project: { name: 'alpha', domain: { name: 'Default' } } };
    const auth = { identity: { methods: ['password'], password: { user } }, scope };
    const signedIn = await test.client.post(at, { auth }, { token: null });
    const token = signedIn.headers['x-subject-token'] as string;
    expect(signedIn.status).toBe(201);
    expect(signedIn.json.token).toMatchObject({ user: { name: 'alice' }, project: { name: 'alpha' } });
    expect(await status(token)).toBe(200);

    const shown = await test.client.get(at, { token });
    expect([shown.status, shown.json.token.user.name, shown.headers['x-subject-token']]).toEqual([
      200,
      'alice',
      token,
    ]);
    expect((await test.client.get(at, { token: 'A'.repeat(80) })).status).toBe(401);
    expect((await test.client.get(at, { token: null })).status).toBe(401);
    const empty = {
      ...auth,
      identity: { methods: ['password'], password: { user: { ...user, password: '' } } },
    };
    expect((await test.client.post(at, { auth: empty }, { token: null })).status).toBe(401);
    // A page of another site could send this without asking first.
    const simple = { token: null, headers: { 'Content-Type': 'text/plain' } };
    expect((await test.client.post(at, { auth }, simple)).status).toBe(415);
    await withServer({ CONSOLE: 'off' }, async ({ client }) => {
      expect((await client.post(at, { auth }, { token: null })).status).toBe(404);
      expect((await client.get('/console', { token: null })).status).toBe(404);
    });
  });

  it('a user who may not validate tokens is none to ask with', async () => {
    const token = await identity.token({ user: 'alice', project: 'alpha' });
    await withServer({ OS_USERNAME: 'tasktag' }, async ({ client }) => {
      const answer = await client.get('/v3/servers', { token });
      expect(answer).toMatchObject({ status: 503, json: UNAVAILABLE });
    });
  });

  describe('started', () => {
    async function withDatabase(look: (url: string) => Promise<void>) {
      const database = await createDatabase();
      try {
        await look(database.url);
      } finally {
        await database.drop();
      }
    }

    it('with wrong credentials, a server says so and ends', () =>
      withDatabase(async (url) => {
        const { output, code } = await ServerProcess.refused({
          ...settings({ OS_USER_DOMAIN_ID: 'elsewhere', LOG_LEVEL: 'silent' }),
          DATABASE_URL: url,
        });
        expect(code).toBe(1);
        expect(output).toBe(
          `tasktag: Keystone at ${identity.url} refuses the user admin with the project service (401). ` +
            'Check the settings OS_*.\n',
        );
      }));

    it('before Keystone, a server answers 503 until Keystone is there, and logs no secret', () =>
      withDatabase(async (url) => {
        const late = await startApp();
        const { port } = new URL(late.client.url);
        await late.app.close();
        const server = await ServerProcess.start({
          ...settings({ OS_AUTH_URL: `http://127.0.0.1:${port}/identity`, LOG_LEVEL: 'trace' }),
          DATABASE_URL: url,
        });
        try {
          const call = { token: 'alice:demo', tag: 'early' };
          const readiness = async () =>
            (await server.client.get('/readyz', { token: null })).json.checks.keystone;
          expect(await readiness()).toBe('down');
          const early = await server.client.post('/v3/servers', newServer(), call);
          expect(early).toMatchObject({ status: 503, json: UNAVAILABLE });
          expect(early.headers['task-tag']).toBeUndefined();

          const again = await ServerProcess.start({ DATABASE_URL: late.database.url, PORT: port });
          try {
            await until('Keystone', async () => (await server.client.get('/v3/tasks', call)).status === 200);
            expect(await tasksOf(server.client, call)).toEqual([]);
            await until('readiness', async () => (await readiness()) === 'up');
          } finally {
            await again.stop();
          }
          // What was asked before goes on; what was not cannot be told.
          expect((await server.client.get('/v3/tasks', call)).status).toBe(200);
          const other = await server.client.get('/v3/tasks', { token: 'bob:demo' });
          expect(other).toMatchObject({ status: 503, json: UNAVAILABLE });
          expect(server.output).toContain('ECONNREFUSED');
          for (const secret of ['own secret', 'alice:demo', 'bob:demo']) {
            expect(server.output).not.toContain(secret);
          }
        } finally {
          await server.stop();
          late.client.close();
          await late.database.drop();
        }
      }));
  });
});
