import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { Cli } from '../support/server/cli.js';
import { ServerProcess } from '../support/server/server-process.js';
import { newServer, untilEnded } from '../support/server/servers.js';
import { waitersOf } from '../support/server/waiters.js';
import { until } from '../support/until.js';

// Each command takes more than a second.
jest.setTimeout(300_000);

describe('the openstack command with the plugin', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  let cli: Cli;
  const start = (taskMs: number, more = {}) =>
    ServerProcess.start({ DATABASE_URL: database.url, EMBEDDED_TASK_MS: String(taskMs), ...more });
  const create = (tag: string, more = {}, token = 'alice:demo') =>
    server.client.post('/v3/servers', newServer(more), { tag, token });
  beforeAll(async () => {
    database = await createDatabase();
    server = await start(200);
    cli = new Cli(server.port).addPlugin();
  });
  afterAll(async () => {
    cli.close();
    await server.stop();
    await database.drop();
  });

  it('shows the tasks of a tag, of a server, and of its own project only', async () => {
    await create('order 1');
    await create('order 1', {}, 'bob:other');
    const task = await untilEnded(server.client, 'order%201');
    const shown = await cli.json('task show', 'order 1');
    expect(shown).toEqual(task);
    expect(await cli.json('task show', task.uuid)).toEqual(task);
    expect(await cli.json('task list --server', task.resource.server)).toEqual([
      {
        UUID: task.uuid,
        Task: 'create',
        State: 'success',
        Tag: 'order 1',
        Resource: task.resource,
        'Start Time': task.start_time,
      },
    ]);
    expect(await cli.json('task list --state failure')).toEqual([]);
    expect(await cli.failing('task list --all-projects')).toContain('HTTP 403');
    expect(await cli.failing('task show', 'nothing')).toContain('No request under the tag nothing');
  });

  it('waits, while the server is away too, and says by its exit code how it ended', async () => {
    await server.stop();
    server = await start(600_000, { PORT: String(server.port) });
    await create('order 2');
    const { uuid, state } = await cli.json('task show', 'order 2');
    expect(await cli.json('task look', uuid)).toMatchObject({ uuid, state });
    expect(await cli.failure('task wait --timeout 0 -f value -c state', 'order 2')).toMatchObject({
      code: 4,
      stdout: 'processing\n',
    });
    const waiting = Promise.all([
      cli.failure('task wait -f value -c state', 'order 3'),
      cli.do('task wait -f value -c state', 'order 4'),
    ]);
    const { port } = server;
    await until('the waits', async () => (await waitersOf(server)) === 2, 120_000);
    await server.kill();
    server = await start(200, { PORT: String(port) });
    await create('order 3', { metadata: { simulate: 'fail' } });
    await create('order 4');
    const [failed, ended] = await waiting;
    expect(failed).toMatchObject({ code: 1, stdout: 'failure\n' });
    expect(ended).toBe('success\n');
  });

  it('gives up a tag, and resolves for administrators only', async () => {
    const evil = 'order \u009b2J\u202e5';
    const given = await cli.json('task abandon --reason', 'no need', evil);
    expect(given).toMatchObject({ task: 'abandon', tag: evil, resolved: { by: 'alice', reason: 'no need' } });
    const table = await cli.do('task list --task abandon');
    expect(table).toContain('order \\x9b2J\\x202e5');
    expect(table).not.toMatch(/[\u009b\u202e]/);
    expect(await cli.failing('task resolve --as not-accepted', given.uuid)).toContain('HTTP 403');
    expect(await cli.failing('task look', given.uuid)).toContain('has ended: its state is failure');
  });
});
