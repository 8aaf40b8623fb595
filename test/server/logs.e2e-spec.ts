import Database from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import type { Answer } from '../support/network/http.js';
import { ServerProcess } from '../support/server/server-process.js';
import { CIRROS, newServer, untilEnded } from '../support/server/servers.js';
import { until } from '../support/until.js';

/** What nobody must find again: none of them is part of anything else. */
const SECRETS = {
  password: 'hunter2-login',
  adminPass: 'hunter2-create',
  newPassword: 'hunter2-change',
  rebuildPassword: 'hunter2-rebuild',
  wrongPassword: 'hunter2-wrong',
  userData: Buffer.from('user data of the server!').toString('base64'),
  inBody: 'only-in-a-body',
  wrongToken: 'wrong'.repeat(16),
};

const CALL = { token: 'alice:logs' };

describe('logs, with all that can be logged', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  let token: string;
  let id: string;
  const given: string[] = [];
  const errors: Answer[] = [];
  let lines: any[];

  beforeAll(async () => {
    database = await createDatabase();
    server = await ServerProcess.start({
      DATABASE_URL: database.url,
      EMBEDDED_TASK_MS: '50',
      LOG_LEVEL: 'trace',
    });
    await makeTraffic(server);
    await until('the last line', () => server.output.includes('/v3/last'));
    await server.stop();
    lines = server.output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
  });
  afterAll(() => database.drop());

  async function makeTraffic({ client }: ServerProcess): Promise<void> {
    const user = { name: 'alice', domain: { id: 'default' }, password: SECRETS.password };
    const scope = { project: { name: 'logs', domain: { id: 'default' } } };
    const identity = { methods: ['password'], password: { user } };
    const login = await client.post(
      '/identity/v3/auth/tokens',
      { auth: { identity, scope } },
      { token: null },
    );
    token = login.headers['x-subject-token'] as string;
    const call = { token };

    const body = newServer({
      adminPass: SECRETS.adminPass,
      user_data: SECRETS.userData,
      networks: 'auto',
      metadata: { visible: 'metadata' },
    });
    const hinted = { ...body, 'os:scheduler_hints': { hint: SECRETS.inBody } };
    const version = { version: '2.60' };
    const created = await client.post('/v3/servers', hinted, { ...call, ...version, tag: 'größe' });
    expect(created.status).toBe(202);
    id = created.json.server.id;
    await untilEnded(client, id, call);
    expect((await client.post('/v3/servers', hinted, { ...call, ...version, tag: 'größe' })).status).toBe(
      409,
    );

    const generated = await client.post('/v3/servers', newServer(), { ...call, tag: 'generated' });
    given.push(generated.json.server.adminPass);
    await untilEnded(client, 'generated', call);
    const act = (action: object) => client.post(`/v3/servers/${id}/action`, action, call);
    expect((await act({ changePassword: { adminPass: SECRETS.newPassword } })).status).toBe(202);
    expect((await act({ rebuild: { imageRef: CIRROS, adminPass: SECRETS.rebuildPassword } })).status).toBe(
      202,
    );
    await untilEnded(client, id, call);
    given.push((await act({ rescue: null })).json.adminPass);
    await untilEnded(client, id, call);

    errors.push(
      await client.post('/v3/servers', newServer({ adminPass: [SECRETS.wrongPassword] }), call),
      await client.post('/v3/servers', newServer({ user_data: `${SECRETS.userData}A` }), call),
      await client.post('/v3/servers', newServer({ adminPass: SECRETS.adminPass, foo: 1 }), call),
      await act({ changePassword: { adminPass: SECRETS.newPassword, foo: SECRETS.newPassword } }),
      await client.post('/v3/servers', `{"server": "${SECRETS.inBody}`, call),
      await client.get('/v3/servers', { token: SECRETS.wrongToken }),
      await client.post('/identity/v3/auth/tokens', {
        auth: { identity: { methods: ['foo'], password: { user } } },
      }),
    );
    await client.get('/v3/last', CALL);
  }

  it('have one line for each request, by which it is found', () => {
    const created = lines.filter(({ tag }) => tag === 'größe');
    expect(created.map(({ status }) => status)).toEqual([202, 409]);
    expect(created[0]).toMatchObject({
      method: 'POST',
      url: '/v3/servers',
      request_id: expect.stringMatching(/^req-[0-9a-f-]{36}$/),
      project_id: 'logs',
      task: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(created[1].request_id).not.toBe(created[0].request_id);

    const requests = lines.filter(({ msg }) => msg === 'request');
    const ids = requests.map(({ request_id }) => request_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(requests.find(({ status }) => status === 401)).not.toHaveProperty('project_id');
  });

  it('tell who was refused what, since no compute service hears of it', () => {
    const [accepted, refused] = lines.filter(({ tag }) => tag === 'größe');
    expect(refused).toMatchObject({
      method: 'POST',
      url: '/v3/servers',
      status: 409,
      request_id: expect.stringMatching(/^req-[0-9a-f-]{36}$/),
      project_id: 'logs',
      user_id: 'alice',
      task: accepted.task,
    });
    expect(refused).not.toHaveProperty('nova_request_id');
  });

  it('have a line of each request that failed, too', () => {
    expect(errors.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 401, 400]);
    for (const { status, headers } of errors) {
      const found = lines.filter(({ request_id }) => request_id === headers['x-compute-request-id']);
      expect(found.map((line) => line.status)).toEqual([status]);
    }
  });

  it('are JSON, one object a line, once the server is up', () => {
    const [, ...rest] = server.output.split('\n');
    expect(lines.length).toBeGreaterThan(20);
    expect(rest.filter((line) => line.startsWith('{')).length).toBeGreaterThan(0);
  });

  it('and the database, and the answers to errors, have no secret in them', async () => {
    const secrets = [...Object.values(SECRETS), token, ...given];
    expect(secrets.every((secret) => typeof secret === 'string' && secret.length > 8)).toBe(true);
    const places = {
      output: server.output,
      database: await dump(database),
      errors: JSON.stringify(errors),
    };
    // That something is found which should be, shows that the places were looked at.
    expect(places.output).toContain(id);
    expect(places.database).toContain(id);
    expect(places.errors).toContain('badRequest');
    for (const [place, text] of Object.entries(places)) {
      expect([place, secrets.filter((secret) => text.includes(secret))]).toEqual([place, []]);
    }
  });
});

/** All rows of all tables. */
async function dump({ kind, url }: TestDatabase): Promise<string> {
  if (kind === 'sqlite') {
    const database = new Database(url.slice('sqlite:'.length), { readonly: true });
    const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all() as {
      name: string;
    }[];
    const rows = tables.map(({ name }) => database.prepare(`SELECT * FROM ${name}`).all());
    database.close();
    return JSON.stringify(rows);
  }
  const connection = await createConnection(url);
  try {
    const [tables] = await connection.query('SHOW TABLES');
    const names = (tables as object[]).map((row) => Object.values(row)[0] as string);
    const rows = await Promise.all(names.map((name) => connection.query('SELECT * FROM ??', [name])));
    return JSON.stringify(rows.map(([found]) => found));
  } finally {
    await connection.end();
  }
}
