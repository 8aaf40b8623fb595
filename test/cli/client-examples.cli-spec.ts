import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Cli } from '../support/cli.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { LossyProxy } from '../support/lossy-proxy.js';
import { ServerProcess } from '../support/server-process.js';
import { countServers } from '../support/servers.js';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples');

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
