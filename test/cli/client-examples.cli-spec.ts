import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Cli } from '../support/server/cli.js';
import { Client } from '../support/network/http.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { LossyProxy } from '../support/network/lossy-proxy.js';
import { ServerProcess } from '../support/server/server-process.js';
import { countServers } from '../support/server/servers.js';
import { filesOf } from '../support/library/programs-of-page.js';

const ROOT = join(import.meta.dirname, '..', '..');
const EXAMPLES = join(ROOT, 'examples');

const run = promisify(execFile);

describe('an example program, when the answer to its create gets lost', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  let network: LossyProxy;
  let cli: Cli;
  /** Creates whose answer is still to be lost. */
  let losses = 0;

  beforeAll(async () => {
    database = await createDatabase();
    server = await ServerProcess.start({ DATABASE_URL: database.url, EMBEDDED_TASK_MS: '200' });
    network = await LossyProxy.to(server.client.url, ({ method, url }) =>
      method === 'POST' && url.endsWith('/servers') && losses-- > 0 ? 'cut after' : 'pass',
    );
    cli = new Cli(Number(new URL(network.url).port));
  });
  afterAll(async () => {
    cli.close();
    await network.close();
    await server.stop();
    await database.drop();
  });

  const nodeExample = async (tag: string, project: string) => {
    const env = { PATH: process.env['PATH'], API: `${network.url}/v3`, TOKEN: `alice:${project}` };
    return (await run(process.execPath, [join(EXAMPLES, 'node-client.mjs'), tag], { env })).stdout;
  };

  // The Python that the `openstack` command and its SDK are installed for.
  const pythonExample = async (tag: string) => {
    const env = { PATH: process.env['PATH'], OS_CLIENT_CONFIG_FILE: cli.cloudsFile, OS_CLOUD: 'tasktag' };
    return (await run('/usr/bin/python3', [join(EXAMPLES, 'openstacksdk.py'), tag], { env })).stdout;
  };

  it('in Node, finds its server, and again when it is run again', async () => {
    losses = 1;
    const first = await nodeExample('order 1', 'node');
    expect(first).toMatch(/^found: [0-9a-f-]{36}, success\n$/);
    expect(await nodeExample('order 1', 'node')).toBe(first);
    expect(await nodeExample('order 2', 'node')).toMatch(/^created: /);
    expect(await countServers(server.client, { token: 'alice:node' })).toBe(2);
  });

  it('with openstacksdk, which sends again by itself, finds its server, and again when it is run again', async () => {
    const before = network.arrived.sends;
    losses = 2;
    const first = await pythonExample('order 3');
    expect(first).toMatch(/^[0-9a-f-]{36}\n$/);
    // One for the token, and three creates.
    expect(network.arrived.sends - before).toBe(4);
    expect(await pythonExample('order 3')).toBe(first);
    expect(await countServers(server.client, { token: 'alice:demo' })).toBe(1);
  });
});

describe('the examples of a library host and of its client', () => {
  let folder: string;
  let host: ChildProcess;
  let network: LossyProxy;
  let client: Client;
  /** Orders whose answer is still to be lost. */
  let losses = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tasktag-example-'));
    host = spawn(
      process.execPath,
      ['--import', pathToFileURL(require.resolve('tsx')).href, join(EXAMPLES, 'library-host.ts')],
      {
        cwd: folder,
        env: { PATH: process.env['PATH'], PORT: '0', TSX_TSCONFIG_PATH: join(EXAMPLES, 'tsconfig.json') },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const url = await new Promise<string>((resolve, reject) => {
      let output = '';
      host.stdout?.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const [line] = /^http:\/\/\S+$/m.exec(output) ?? [];
        if (line !== undefined) resolve(line);
      });
      host.once('exit', (code) => reject(new Error(`The host ended with ${code}: ${output}`)));
    });
    network = await LossyProxy.to(url, ({ method }) =>
      method === 'POST' && losses-- > 0 ? 'cut after' : 'pass',
    );
    client = new Client(url, { keepAlive: false });
  });
  afterAll(async () => {
    client.close();
    await network.close();
    host.kill();
    await once(host, 'exit');
    rmSync(folder, { recursive: true });
  });

  const order = async (tag: string, who: string) => {
    const env = { PATH: process.env['PATH'], API: network.url, WHO: who };
    return (await run(process.execPath, [join(EXAMPLES, 'library-client.mjs'), tag], { env })).stdout;
  };

  it('order once, whether or not the answer gets lost, and for each company', async () => {
    expect(await order('order 1', 'acme/ann')).toBe('ordered: 1\n');
    losses = 1;
    expect(await order('order 2', 'acme/ann')).toBe('found: 2, success\n');
    expect(await order('order 2', 'acme/bob')).toBe('found: 2, success\n');
    expect(await order('order 2', 'other/cy')).toBe('ordered: 3\n');
  });

  it('are what the guide shows', () => {
    const guide = filesOf(readFileSync(join(ROOT, 'docs', 'library', 'guide.md'), 'utf8'));
    const program = readFileSync(join(EXAMPLES, 'library-host.ts'), 'utf8');
    for (const [file, begin, end] of [
      ['src/orders/orders.controller.ts', '@Controller', ''],
      ['src/orders/user.guard.ts', '/** Stands', ''],
      ['src/tasks.setup.ts', '  imports: [', '\n})'],
    ] as const) {
      const text = guide.get(file) ?? '';
      const part = text.slice(text.indexOf(begin), end === '' ? undefined : text.indexOf(end));
      expect(part).toContain('\n');
      expect(program).toContain(part.replaceAll('export ', ''));
    }
  });

  it('do what the guide shows with curl', async () => {
    const call = { token: null, headers: { 'X-User': 'acme/ann' }, tag: 't1' };
    const first = await client.post('/orders', { item: 'ink' }, call);
    expect(first).toMatchObject({ status: 201, headers: { 'task-tag': 't1' } });
    expect(await client.post('/orders', { item: 'ink' }, call)).toMatchObject({
      status: 409,
      json: { statusCode: 409, code: 'DUPLICATE_REQUEST', message: 'That request is already accepted' },
    });
    const { json } = await client.get('/tasks?tag=t1', { token: null, headers: { 'X-User': 'acme/ann' } });
    expect(json.tasks).toMatchObject([{ task: 'order', resource: { order: first.json.id } }]);
    expect((await client.post('/orders', {}, { token: null, tag: 't1' })).status).toBe(401);
  });
});
