import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase } from '../support/database/database.js';
import { LAB_KEYSTONE, LAB_SETTINGS, labClouds } from '../support/openstack/lab.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { Cli } from '../support/server/cli.js';
import { IdentityClient } from '../support/server/identity.js';
import { ServerProcess } from '../support/server/server-process.js';
import { createServer, expectRefused, newServer } from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';
import { until } from '../support/until.js';

const NAME = `tasktag-test-${process.pid}-${Date.now()}`;

describe('behind a real Keystone', () => {
  const identity = new IdentityClient(LAB_KEYSTONE);
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp(LAB_SETTINGS);
  });
  afterAll(async () => {
    identity.close();
    await test.close();
  });

  async function status(method: string, path: string, token: string, from = test): Promise<number> {
    const body = method === 'POST' ? newServer() : undefined;
    return (await from.client.call(method, path, { token, body })).status;
  }

  /** An application credential of a user's, which is removed again. */
  async function withCredential(
    owner: { user: string; project: string },
    more: object,
    use: (credential: { id: string; secret: string }) => Promise<void>,
  ): Promise<void> {
    const token = await identity.token(owner);
    const { user } = await identity.show(token);
    const credentials = `/users/${user.id}/application_credentials`;
    const body = { application_credential: { name: `${NAME}-${Math.random()}`, ...more } };
    const { json } = await identity.call('POST', credentials, token, { body });
    try {
      await use(json.application_credential);
    } finally {
      await identity.call('DELETE', `${credentials}/${json.application_credential.id}`, token);
    }
  }

  function signIn({ id, secret }: { id: string; secret: string }): Promise<string> {
    const identityOf = { methods: ['application_credential'], application_credential: { id, secret } };
    return identity.authenticate({ identity: identityOf });
  }

  it('users of two projects are two tenants, also with one tag', async () => {
    const alice = { token: await identity.token({ user: 'alice', project: 'alpha' }), tag: NAME };
    const bob = { token: await identity.token({ user: 'bob', project: 'beta' }), tag: NAME };
    const id = await createServer(test.client, {}, alice);
    expectRefused(await test.client.post('/v3/servers', newServer(), alice));
    expect((await test.client.get(`/v3/servers/${id}`, bob)).status).toBe(404);
    expect((await test.client.post('/v3/servers', newServer(), bob)).status).toBe(202);
    expect((await test.client.get('/v3/tasks?all_tenants=1', bob)).status).toBe(403);

    const { user, project } = await identity.show(alice.token);
    expect(await tasksOf(test.client, alice, `?tag=${NAME}`)).toEqual([
      expect.objectContaining({ user_id: user.id, project_id: project.id }),
    ]);
    expect((await test.client.get(`/v2.1/${project.id}/servers`, alice)).status).toBe(200);
    expect((await test.client.get(`/v2.1/${project.id}/servers`, bob)).status).toBe(400);

    const admin = { token: await identity.token({ user: 'admin', project: 'admin' }) };
    const { json } = await test.client.get(`/v3/tasks?all_tenants=1&tag=${NAME}`, admin);
    expect(json.tasks).toHaveLength(2);
  });

  it('a user of two projects is in the one that the token names', async () => {
    const alpha = { token: await identity.token({ user: 'carol', project: 'alpha' }), tag: `${NAME} carol` };
    const beta = { token: await identity.token({ user: 'carol', project: 'beta' }), tag: `${NAME} carol` };
    const id = await createServer(test.client, {}, alpha);
    expect((await test.client.get(`/v3/servers/${id}`, alpha)).status).toBe(200);
    expect((await test.client.get(`/v3/servers/${id}`, beta)).status).toBe(404);
    expect((await test.client.post('/v3/servers', newServer(), beta)).status).toBe(202);
  });

  it('what is no token, has no project, or was revoked is answered 401', async () => {
    const revoked = await identity.token({ user: 'alice', project: 'alpha' });
    await identity.revoke(revoked);
    const unscoped = await identity.token({ user: 'alice', project: null });
    for (const token of ['nonsense', 'alice:alpha', `gAAAAA${'x'.repeat(180)}`, revoked, unscoped]) {
      const answer = await test.client.get('/v3/servers', { token });
      expect({ token, status: answer.status }).toEqual({ token, status: 401 });
      expect(answer.headers['www-authenticate']).toBe(`Keystone uri="${LAB_KEYSTONE}"`);
    }
  });

  it('a token that is revoked after it was used is not taken by a server that has not seen it', async () => {
    const token = await identity.token({ user: 'alice', project: 'alpha' });
    expect(await status('GET', '/v3/servers', token)).toBe(200);
    await identity.revoke(token);
    const other = await startApp(LAB_SETTINGS);
    try {
      expect(await status('GET', '/v3/servers', token, other)).toBe(401);
    } finally {
      await other.close();
    }
  });

  it('access rules of an application credential hold, for /v3 as for /v2.1', async () => {
    const rules = [
      { service: 'compute', method: 'GET', path: '/v2.1/servers' },
      { service: 'compute', method: 'GET', path: '/v2.1/servers/*/tasks' },
      { service: 'compute', method: 'GET', path: '/v2.1/flavors/**' },
      { service: 'image', method: 'POST', path: '/v2.1/servers' },
    ];
    await withCredential({ user: 'alice', project: 'alpha' }, { access_rules: rules }, async (credential) => {
      const token = await signIn(credential);
      expect(await status('GET', '/v2.1/servers', token)).toBe(200);
      expect(await status('GET', '/v3/servers?limit=1', token)).toBe(200);
      expect(await status('GET', '/v3/servers/no-such-tag/tasks', token)).toBe(404);
      expect(await status('GET', '/v3/flavors/1', token)).toBe(200);
      expect(await status('GET', '/v3/servers/detail', token)).toBe(401);
      expect(await status('GET', '/v3/tasks', token)).toBe(401);
      expect(await status('POST', '/v3/servers', token)).toBe(401);
      expect(await status('GET', '/image/v2/images', token)).toBe(401);
    });
  });

  it('an application credential with the rules of docs/keystone.md may follow the recipes, and no more', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/keystone.md'), 'utf8');
    const [, json = '[]'] = /--access-rules '(\[.*?\])'/s.exec(page) ?? [];
    const rules = JSON.parse(json) as object[];
    await withCredential({ user: 'alice', project: 'alpha' }, { access_rules: rules }, async (credential) => {
      const call = { token: await signIn(credential), tag: `${NAME} recipe` };
      expect((await test.client.post('/v3/servers', newServer(), call)).status).toBe(202);
      // docs/clients.md, examples/, and the address that a refusal and a 504 name.
      const [task] = await tasksOf(test.client, call, `?tag=${encodeURIComponent(call.tag)}&limit=1`);
      const tag = encodeURIComponent(call.tag);
      for (const path of [`servers/${tag}/tasks`, `tasks/${task.uuid}`, `servers/${tag}`])
        expect([path, await status('GET', `/v3/${path}`, call.token)]).toEqual([path, 200]);
      expect(await status('GET', '/v3/servers', call.token)).toBe(401);
      expect(await status('DELETE', `/v3/servers/${task.resource.server}`, call.token)).toBe(401);
    });
  });

  it('an application credential without rules may do all that its roles may', async () => {
    await withCredential({ user: 'alice', project: 'alpha' }, {}, async (credential) => {
      const token = await signIn(credential);
      expect(await status('POST', '/v3/servers', token)).toBe(202);
      expect(await status('GET', '/v3/tasks', token)).toBe(200);
    });
  });

  it('a token ends when it expires, though it was used before', async () => {
    // The token of an application credential does not outlive it.
    const expiresAt = new Date(Date.now() + 4000).toISOString().replace('Z', '');
    await withCredential(
      { user: 'alice', project: 'alpha' },
      { expires_at: expiresAt },
      async (credential) => {
        const token = await signIn(credential);
        expect(await status('GET', '/v3/servers', token)).toBe(200);
        await until('its end', async () => (await status('GET', '/v3/servers', token)) === 401);
        expect(Date.now()).toBeGreaterThanOrEqual(Math.floor(Date.parse(`${expiresAt}Z`) / 1000) * 1000);
      },
    );
  });

  it('this server itself may have an application credential', async () => {
    await withCredential({ user: 'tasktag', project: 'service' }, {}, async ({ id, secret }) => {
      const server = await startApp({
        IDENTITY: 'keystone',
        OS_AUTH_URL: new URL(LAB_KEYSTONE).origin,
        OS_APPLICATION_CREDENTIAL_ID: id,
        OS_APPLICATION_CREDENTIAL_SECRET: secret,
      });
      try {
        const token = await identity.token({ user: 'alice', project: 'alpha' });
        expect(await status('GET', '/v3/servers', token, server)).toBe(200);
      } finally {
        await server.close();
      }
    });
  });

  it('a wrong password of its own stops the start, and is not shown', async () => {
    const database = await createDatabase();
    const { output, code } = await ServerProcess.refused({
      ...LAB_SETTINGS,
      OS_PASSWORD: 'very-wrong',
      DATABASE_URL: database.url,
      LOG_LEVEL: 'silent',
    });
    await database.drop();
    expect(code).toBe(1);
    expect(output).toBe(
      `tasktag: Keystone at ${LAB_KEYSTONE} refuses the user tasktag with the project service (401). ` +
        'Check the settings OS_*.\n',
    );
  });

  it('the openstack command works with a token of Keystone’s', async () => {
    const port = Number(new URL(test.client.url).port);
    const cli = new Cli(port, labClouds(port, await identity.token({ user: 'alice', project: 'alpha' })));
    try {
      const cloud = '--os-cloud with-token --os-compute-api-version 2.37';
      const created = await cli.json(
        `${cloud} server create --flavor m1.tiny --image cirros --nic none --wait ${NAME}-cli`,
      );
      expect(created).toMatchObject({ status: 'ACTIVE' });
      expect(await cli.json(`${cloud} server list -n --name ${NAME}-cli`)).toEqual([
        expect.objectContaining({ ID: created.id }),
      ]);
      await cli.do(`${cloud} server delete --wait ${created.id}`);
    } finally {
      cli.close();
    }
  });
});
