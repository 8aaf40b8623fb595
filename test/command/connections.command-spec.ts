import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { json, ScriptedApi } from '../support/command/scripted-api.js';
import { Tasktag } from '../support/command/tasktag-command.js';
import { ServerProcess } from '../support/server/server-process.js';
import { until } from '../support/until.js';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples');
const CATALOG = (url: string) => [
  {
    type: 'compute',
    endpoints: [{ interface: 'public', region_id: 'R1', region: 'R1', url: `${url}/v2.1` }],
  },
];
const task = (number: number) => ({
  uuid: `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`,
  task: 'create',
  state: 'success',
  tag: `t${number}`,
});
const hasOpenssl = () => {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    return false;
  }
};

// Each command is a process of its own, and takes as long as the machine is slow.
jest.setTimeout(300_000);

describe('the command tasktag', () => {
  let tasktag: Tasktag;
  let api: ScriptedApi | undefined;
  beforeEach(() => {
    tasktag = new Tasktag();
  });
  afterEach(async () => {
    tasktag.close();
    await api?.close();
    api = undefined;
  });

  describe('signs in as the openstack command does', () => {
    let database: TestDatabase;
    let server: ServerProcess;
    beforeAll(async () => {
      database = await createDatabase();
      server = await ServerProcess.start({ DATABASE_URL: database.url });
    });
    afterAll(async () => {
      await server.stop();
      await database.drop();
    });

    const secret = 'open-sesame';
    const clouds = () => `clouds:
  blue:
    auth: { auth_url: '${server.client.url}/identity', username: ann, project_name: blue }
    region_name: RegionOne
  green:
    auth: { auth_url: '${server.client.url}/identity/v3', user_id: bob, project_id: green }
    region_name: RegionOne
`;
    const who = ['abandon', 'who', '-f', 'value', '-c', 'user_id,project_id'];

    it('by clouds.yaml and secure.yaml, and shows no secret with --debug', async () => {
      tasktag.file('clouds.yaml', clouds());
      tasktag.file('secure.yaml', `clouds: {blue: {auth: {password: ${secret}}}}`);
      const { stdout, stderr, code } = await tasktag.run(['--os-cloud', 'blue', ...who, '--debug']);
      expect([code, stdout]).toEqual([0, 'ann\nblue\n']);
      expect(stderr).toMatch(/clouds\.yaml.*secure\.yaml.*auth\/tokens: 201.*tasks\/action: 200/s);
      expect(stderr).not.toContain(secret);
      const { client } = server;
      const { headers } = await client.post(
        '/identity/v3/auth/tokens',
        { auth: { identity: { methods: ['password'], password: { user: { id: 'ann', password: 'x' } } } } },
        { token: null },
      );
      const prefix = String(headers['x-subject-token']).slice(0, 4);
      expect(stderr).not.toMatch(new RegExp(`${prefix}[A-Za-z0-9_-]{20}`));
    });

    it('by variables, which win over the file', async () => {
      const file = tasktag.file('elsewhere.yaml', clouds());
      const env = { OS_CLIENT_CONFIG_FILE: file, OS_CLOUD: 'green', OS_PASSWORD: secret };
      expect((await tasktag.run(who, env)).stdout).toBe('bob\ngreen\n');
      expect((await tasktag.run(who, { ...env, OS_PROJECT_ID: 'red' })).stdout).toBe('bob\nred\n');
      const variables = {
        OS_AUTH_URL: `${server.client.url}/identity/v3`,
        OS_USERNAME: 'cy',
        OS_PASSWORD: secret,
        OS_PROJECT_NAME: 'grey',
      };
      expect((await tasktag.run(who, variables)).stdout).toBe('cy\ngrey\n');
      const token = {
        ...variables,
        OS_AUTH_TYPE: 'v3token',
        OS_TOKEN: 'dan:black',
        OS_PROJECT_NAME: 'black',
      };
      expect((await tasktag.run(who, token)).stdout).toBe('dan\nblack\n');
    });

    it('and says what is missing or wrong', async () => {
      tasktag.file('clouds.yaml', clouds());
      const wrong = async (args: string[], env = {}) => {
        const { code, stderr } = await tasktag.run(['ls', ...args], env);
        expect(code).toBe(2);
        return stderr;
      };
      expect(await wrong([])).toMatch(/Which cloud\?.*clouds\.yaml has blue, green/);
      expect(await wrong(['--os-cloud', 'red'])).toMatch(/no cloud red.*blue, green/);
      expect(await wrong(['--os-cloud', 'blue'])).toMatch(/password is missing.*OS_PASSWORD/);
      expect(await wrong(['--os-cloud', 'blue', '--os-region-name', 'R9'])).toMatch(/no region R9/);
      const internal = await tasktag.run(['ls', '--os-cloud', 'blue'], {
        OS_PASSWORD: 'x',
        OS_INTERFACE: 'odd',
      });
      expect(internal.stderr).toMatch(/no odd compute endpoint/);
    });
  });

  it('signs in with an application credential, and again when its token has expired', async () => {
    let tokens = 0;
    api = await ScriptedApi.start(({ url, headers }, response) => {
      if (url === '/v3/auth/tokens') {
        const token = { catalog: CATALOG(api?.url ?? '') };
        return json(response, { token }, 201, { 'x-subject-token': `token-${(tokens += 1)}` });
      }
      if (headers['x-auth-token'] === 'token-1')
        return json(response, { error: { message: 'expired' } }, 401);
      json(response, { tasks: [task(1)] });
    });
    const env = {
      OS_AUTH_URL: api.url,
      OS_AUTH_TYPE: 'v3applicationcredential',
      OS_APPLICATION_CREDENTIAL_ID: 'an-id',
      OS_APPLICATION_CREDENTIAL_SECRET: 'a-secret',
    };
    const { code, stdout, stderr } = await tasktag.run(['ls', '-c', 'tag', '-f', 'value', '--debug'], env);
    expect([code, stdout]).toEqual([0, 't1\n']);
    expect(JSON.parse(api.arrived[0]?.body ?? '')).toEqual({
      auth: {
        identity: {
          methods: ['application_credential'],
          application_credential: { id: 'an-id', secret: 'a-secret' },
        },
      },
    });
    expect(api.arrived.map(({ url }) => url.split('?')[0])).toEqual([
      ...['/v3/auth/tokens', '/v2.1/tasks', '/v3/auth/tokens', '/v2.1/tasks'],
    ]);
    expect(stderr).not.toMatch(/a-secret|token-\d/);
  });

  it('sends a library host a bearer token, and never one of Keystone', async () => {
    api = await ScriptedApi.start((_, response) => json(response, { tasks: [] }));
    const env = { TASKTAG_URL: `${api.url}/tasks`, OS_AUTH_URL: 'http://127.0.0.1:1', OS_TOKEN: 'keystones' };
    expect(await tasktag.json(['ls'], { ...env, TASKTAG_TOKEN: 'mine' })).toEqual([]);
    expect(await tasktag.json(['ls', '--server', 'order 1'], env)).toEqual([]);
    const [first, second] = api.arrived;
    expect(first?.headers).toMatchObject({ authorization: 'Bearer mine' });
    expect(second?.url).toMatch(/^\/tasks\?subject=order\+1&/);
    for (const { headers } of api.arrived) expect(headers).not.toHaveProperty('x-auth-token');
  });

  it('serves a library host: its orders are made once', async () => {
    const host = spawn(
      process.execPath,
      ['--import', pathToFileURL(require.resolve('tsx')).href, join(EXAMPLES, 'library-host.ts')],
      {
        cwd: tasktag.folder,
        env: { PATH: process.env['PATH'], PORT: '0', TSX_TSCONFIG_PATH: join(EXAMPLES, 'tsconfig.json') },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    try {
      let output = '';
      host.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const [url] = await until('the host', () => /^http:\/\/\S+$/m.exec(output), 120_000);
      const as = (user: string) => ['--url', `${url}/tasks`, '-H', `X-User: ${user}`];
      const order = [
        'create-once',
        '/orders',
        '--tag',
        'o1',
        '--body',
        tasktag.file('o.json', '{"item": "ink"}'),
      ];
      const { duplicates: _, expires_at: __, ...first } = await tasktag.json([...order, ...as('acme/ann')]);
      expect(first).toMatchObject({ task: 'order', state: 'success', resource: { order: '1' } });
      expect(await tasktag.json([...order, ...as('acme/bob')])).toMatchObject(first);
      expect(await tasktag.json(['ls', ...as('acme/bob')])).toMatchObject([first]);
      expect(await tasktag.json(['ls', ...as('other/cy')])).toEqual([]);
      expect((await tasktag.run(['ls', '--url', `${url}/tasks`])).code).toBe(6);
    } finally {
      host.kill();
      await once(host, 'exit');
    }
  });

  describe('exports', () => {
    /** As many tasks as asked for, in pages. */
    const pages = (total: number, refuseAfter = Infinity) =>
      ScriptedApi.start(({ url }, response) => {
        const query = new URL(url, 'http://api').searchParams;
        const after = Number(query.get('marker')?.slice(-12) ?? 0);
        if (after >= refuseAfter) return json(response, { error: { message: 'The database is away' } }, 503);
        const last = Math.min(after + Number(query.get('limit')), total);
        const tasks = Array.from({ length: last - after }, (_, at) => task(after + at + 1));
        const href = `http://elsewhere/tasks?limit=1000&marker=${task(last).uuid}`;
        // Of a search, a page may be empty, and not be the last.
        const isEmpty = query.get('q') !== null && last < total;
        json(response, {
          tasks: isEmpty ? [] : tasks,
          tasks_links: last < total ? [{ rel: 'next', href }] : [],
        });
      });
    const here = (more: string[] = []) => ['export', '--url', `${api?.url}/tasks`, ...more];

    it('all pages, as JSON lines and as CSV', async () => {
      api = await pages(2300);
      const { stdout } = await tasktag.run(here());
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect([lines.length, lines[2299]]).toEqual([2300, task(2300)]);
      const csv = (await tasktag.run(here(['-f', 'csv', '-c', 'uuid,tag']))).stdout.split('\r\n');
      expect([csv.length, csv[0], csv[2300]]).toEqual([2302, 'uuid,tag', `${task(2300).uuid},t2300`]);
    });

    it('nothing, when there is nothing: as CSV a head', async () => {
      api = await ScriptedApi.start((_, response) => json(response, { tasks: [], tasks_links: [] }));
      expect((await tasktag.run(here())).stdout).toBe('');
      expect((await tasktag.run(here(['-f', 'csv', '-c', 'uuid,tag']))).stdout).toBe('uuid,tag\r\n');
    });

    it('lists as many as asked for, and says where there are more', async () => {
      api = await pages(5);
      const ls = (limit: string) => tasktag.run(['ls', '--url', `${api?.url}/tasks`, '--limit', limit]);
      const some = await ls('3');
      expect(JSON.parse(some.stdout)).toEqual([1, 2, 3].map(task));
      expect(some.stderr).toBe(`There are more: --limit, or --marker ${task(3).uuid}.\n`);
      const all = await ls('5');
      expect([JSON.parse(all.stdout).length, all.stderr]).toEqual([5, '']);
    });

    it('what comes after a page of a search that is empty', async () => {
      api = await pages(2300);
      const { stdout } = await tasktag.run(here(['-q', 't']));
      expect(stdout.trimEnd().split('\n').length).toBe(300);
    });

    it('says where to go on when it cannot', async () => {
      api = await pages(3000, 1000);
      const { code, stdout, stderr } = await tasktag.run(here());
      expect([code, stdout.trimEnd().split('\n').length]).toEqual([5, 1000]);
      expect(stderr).toMatch(
        new RegExp(`not whole: 1000 tasks.*--marker ${task(1000).uuid}.*The database is away`, 's'),
      );
    });

    it('ends quietly when its reader has gone, as with head', async () => {
      api = await pages(100_000);
      const { child, ended } = tasktag.start(here());
      await once(child.stdout as NodeJS.ReadableStream, 'data');
      child.stdout?.destroy();
      expect(await ended).toMatchObject({ code: 141, stderr: '' });
    });
  });

  it('tells from an answer that there is no Tasktag', async () => {
    api = await ScriptedApi.start(({ url }, response) =>
      url.startsWith('/v2.1') ? json(response, { message: 'Not here' }, 404) : response.end('<html></html>'),
    );
    for (const path of ['/v2.1', '/elsewhere']) {
      const { code, stderr } = await tasktag.run(['ls', '--url', `${api.url}${path}`, '--token', 't']);
      expect([code, stderr]).toEqual([5, expect.stringMatching(/There is no Tasktag API at/)]);
    }
  });

  (hasOpenssl() ? it : it.skip)(
    'trusts the certificates that --os-cacert names, or all with --insecure',
    async () => {
      const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(tasktag.folder, name)) as [
        string,
        string,
      ];
      execFileSync(
        'openssl',
        [
          ...[
            'req',
            '-x509',
            '-newkey',
            'ec',
            '-pkeyopt',
            'ec_paramgen_curve:prime256v1',
            '-nodes',
            '-days',
            '2',
          ],
          ...['-subj', '/CN=tasktag', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
        ],
        { stdio: 'ignore' },
      );
      api = await ScriptedApi.start(
        (_, response) => json(response, { tasks: [] }),
        (listener) => createHttpsServer({ key: readFileSync(key), cert: readFileSync(cert) }, listener),
        'https',
      );
      const ls = ['ls', '--url', `${api.url}/tasks`];
      const { code, stderr } = await tasktag.run(ls);
      expect([code, stderr]).toEqual([5, expect.stringMatching(/certificate is not trusted \(--os-cacert/)]);
      expect(await tasktag.json([...ls, '--os-cacert', cert])).toEqual([]);
      expect(await tasktag.json([...ls, '--insecure'])).toEqual([]);
    },
  );
});
