import { randomUUID } from 'node:crypto';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { Tasktag } from '../support/command/tasktag-command.js';
import { LossyProxy, type Fate } from '../support/network/lossy-proxy.js';
import { ServerProcess } from '../support/server/server-process.js';
import { waitersOf } from '../support/server/waiters.js';
import { countServers } from '../support/server/servers.js';
import { until } from '../support/until.js';

// Each command is a process of its own, and takes as long as the machine is slow.
jest.setTimeout(300_000);

let database: TestDatabase;
let server: ServerProcess;
let tasktag: Tasktag;
const start = (taskMs: number, more = {}) =>
  ServerProcess.start({ DATABASE_URL: database.url, EMBEDDED_TASK_MS: String(taskMs), ...more });
const as = (token: string, url = server.client.url) => ({ TASKTAG_URL: `${url}/v3`, TASKTAG_TOKEN: token });
const create = (tag: string, ...more: string[]) => [
  ...['create-once', '/v3/servers', '--tag', tag, '--body', tasktag.serverFile()],
  ...more,
];

beforeAll(async () => {
  database = await createDatabase();
  tasktag = new Tasktag();
});
afterAll(async () => {
  tasktag.close();
  await database.drop();
});

describe('the command tasktag', () => {
  beforeAll(async () => {
    server = await start(200);
  });
  afterAll(() => server.stop());

  it('creates once, waits for the end, and prints the task', async () => {
    const alice = as('alice:story');
    const first = await tasktag.run(create('order 1'), alice);
    expect(first).toMatchObject({ code: 0, stderr: 'tag: order 1\n' });
    // A refusal has the task without what changes later: how often it was repeated, and when it leaves.
    const { duplicates: _, expires_at: __, ...task } = JSON.parse(first.stdout);
    expect(task).toMatchObject({ task: 'create', state: 'success', tag: 'order 1' });
    expect(await tasktag.json(create('order 1'), alice)).toMatchObject(task);
    expect(await countServers(server.client, { token: 'alice:story' })).toBe(1);

    expect(await tasktag.json(['show', 'order 1'], alice)).toMatchObject(task);
    expect(await tasktag.json(['show', task.uuid], alice)).toMatchObject(task);
    expect(await tasktag.json(['show', task.resource.server], alice)).toMatchObject(task);
    expect(await tasktag.json(['wait', '--tag', 'order 1'], alice)).toMatchObject(task);
    expect(await tasktag.json(['ls', '--tag', 'order 1'], alice)).toMatchObject([task]);
    const { stdout } = await tasktag.run(['ls', '-f', 'value', '-c', 'state,resource.server'], alice);
    expect(stdout).toBe(`success ${task.resource.server}\n`);
  });

  it('shows a project its own tasks, and an administrator those of all', async () => {
    const [ann, bob] = [as('ann:blue'), as('bob:green')];
    await tasktag.json(create('two tenants', '--no-wait'), ann);
    await tasktag.json(create('two tenants', '--no-wait'), bob);
    expect(await tasktag.json(['ls', '-c', 'project_id,user_id'], ann)).toEqual([
      { project_id: 'blue', user_id: 'ann' },
    ]);
    const { uuid } = await tasktag.json(['show', 'two tenants'], bob);
    expect(await tasktag.run(['show', uuid], ann)).toMatchObject({ code: 3, stdout: '' });
    const everywhere = ['ls', '--all-projects', '--tag', 'two tenants', '-f', 'value', '-c', 'project_id'];
    expect((await tasktag.run(everywhere, as('admin:admin'))).stdout).toBe('green\nblue\n');
    expect(await tasktag.run(everywhere, ann)).toMatchObject({ code: 6, stdout: '' });
  });

  describe('when the answer to a create is lost', () => {
    const onNetwork = async (fates: Fate[], work: (network: LossyProxy) => Promise<void>) => {
      const network = await LossyProxy.to(server.client.url, ({ method }) =>
        method === 'POST' ? (fates.shift() ?? 'pass') : 'pass',
      );
      try {
        await work(network);
      } finally {
        await network.close();
      }
    };

    const fates: Fate[] = ['cut after', 'cut before', 'break off', '504 after'];
    it.each(fates)('there is one server all the same: %s', async (fate) => {
      const token = `alice:${randomUUID()}`;
      await onNetwork([fate], async ({ url }) => {
        const task = await tasktag.json(create('lost', '--no-wait'), as(token, url));
        expect(task).toMatchObject({ tag: 'lost', accepted: true, resource: { server: expect.any(String) } });
      });
      expect(await countServers(server.client, { token })).toBe(1);
    });

    it('two commands at once make one server, and both say that all is well', async () => {
      const token = `alice:${randomUUID()}`;
      await onNetwork(['cut after', 'cut before'], async ({ url }) => {
        const both = await Promise.all([1, 2].map(() => tasktag.json(create('twice'), as(token, url))));
        expect(both[0]).toEqual(both[1]);
      });
      expect(await countServers(server.client, { token })).toBe(1);
    });
  });

  describe('ends with a code that says how it went', () => {
    it('1: the task failed', async () => {
      const body = tasktag.serverFile({ metadata: { simulate: 'fail' } });
      const failing = ['create-once', '/servers', '--tag', 'bad', '--body', body];
      expect(await tasktag.run(failing, as('alice:codes'))).toMatchObject({ code: 1 });
      const { code, stdout } = await tasktag.run(['wait', 'bad'], as('alice:codes'));
      expect([code, JSON.parse(stdout).state]).toEqual([1, 'failure']);
    });

    it.each([
      [2, ['ls', '--bogus'], /Unknown option '--bogus'\. See tasktag ls --help/],
      [2, ['lst'], /no command lst/],
      [2, ['ls', '--state', 'bogus'], /must be one of pending/],
      [2, ['create-once', '/servers'], /--body is missing/],
      [2, ['create-once', '/servers', '--body', 'nowhere.json'], /cannot be read\. Nothing was sent/],
      [2, ['wait', 'a', '--timeout', 'soon'], /whole number/],
      [3, ['show', 'nothing'], /No request under the tag nothing has been accepted so far/],
      [3, ['wait', 'nothing', '--timeout', '1'], /No request under the tag/],
      [5, ['ls', '--url', 'http://127.0.0.1:1/v3'], /nobody listens there/],
      [6, ['ls', '--token', 'nobody'], /401/],
      [6, ['create-once', '/servers', '--tag', 'empty', '--body', '-'], /The server answers 400/],
    ])('%i: tasktag %j', async (code, args, reason) => {
      const ended = await tasktag.run(args, as('alice:codes'), '{}');
      expect(ended).toMatchObject({ code, stdout: '' });
      expect(ended.stderr).toMatch(reason);
    });
  });

  it('gives up a tag, and says when that is too late', async () => {
    const alice = as('alice:given-up');
    const given = await tasktag.json(['abandon', 'order 2', '--reason', 'no need'], alice);
    expect(given).toMatchObject({ task: 'abandon', resolved: { by: 'alice', reason: 'no need' } });
    const late = await tasktag.run(create('order 2'), alice);
    expect(late).toMatchObject({ code: 6 });
    expect(late.stderr).toMatch(/The tag was given up/);
    await tasktag.run(create('order 3', '--no-wait'), alice);
    const tooLate = await tasktag.run(['abandon', 'order 3'], alice);
    expect(tooLate).toMatchObject({ code: 6, stdout: '' });
    expect(tooLate.stderr).toMatch(/too late to abandon/);
  });

  it('resolves for administrators only, and only what is unknown', async () => {
    const task = await tasktag.json(create('order 4'), as('alice:resolved'));
    const resolve = ['resolve', task.uuid, '--as', 'not-accepted', '--reason', 'looked'];
    expect(await tasktag.run(resolve, as('alice:resolved'))).toMatchObject({ code: 6 });
    expect(await tasktag.run(resolve, as('admin:resolved'))).toMatchObject({ code: 6 });
    const nothing = ['resolve', randomUUID(), '--as', 'success'];
    expect(await tasktag.run(nothing, as('admin:resolved'))).toMatchObject({ code: 3 });
    expect((await tasktag.run(['resolve', task.uuid], as('admin:resolved'))).code).toBe(2);
  });

  it('has nothing looked at that has ended, or is no task of its project', async () => {
    const { uuid } = await tasktag.json(create('order 5'), as('alice:ended'));
    const ended = await tasktag.run(['look', uuid], as('alice:ended'));
    expect(ended).toMatchObject({ code: 6, stdout: '' });
    expect(ended.stderr).toMatch(/has ended: its state is success/);
    expect(await tasktag.run(['look', uuid], as('alice:elsewhere'))).toMatchObject({ code: 3, stdout: '' });
    expect((await tasktag.run(['look', 'order 5'], as('alice:ended'))).code).toBe(2);
  });
});

describe('the command tasktag, when it takes long', () => {
  beforeAll(async () => {
    server = await start(600_000);
  });
  afterAll(() => server.stop());

  it('ends with 4 when the task is still open at the end of the time', async () => {
    await tasktag.json(create('slow', '--no-wait'), as('alice:slow'));
    const { code, stdout } = await tasktag.run(['wait', 'slow', '--timeout', '1'], as('alice:slow'));
    expect([code, JSON.parse(stdout).state]).toEqual([4, 'processing']);
    expect((await tasktag.run(create('slow', '--timeout', '1'), as('alice:slow'))).code).toBe(4);
  });

  it('has an open task looked at now', async () => {
    const alice = as('alice:looked');
    const { uuid } = await tasktag.json(create('looked', '--no-wait'), alice);
    const observation = async () =>
      (await server.client.get(`/v3/tasks/${uuid}`, { token: 'alice:looked' })).json.task.observation;
    expect(await observation()).toBeNull();
    expect(await tasktag.json(['look', uuid], alice)).toMatchObject({ uuid, state: 'processing' });
    await until('the look', async () => (await observation()) !== null, 60_000);
  });

  it('ends with 130 after Ctrl-C, at once, and names the tag', async () => {
    const { child, said, ended } = tasktag.start(create('stopped'), as('alice:slow'));
    const isRecorded = async () => (await tasktag.run(['show', 'stopped'], as('alice:slow'))).code === 0;
    await until('the request', isRecorded, 60_000);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, stdout: '' });
    expect(said.stderr).toMatch(/^tag: stopped\n.*tasktag wait --tag 'stopped'\n$/s);
  });

  it('goes on waiting while the server is away', async () => {
    const alice = as('alice:patient');
    const { said, ended } = tasktag.start(['wait', 'patience', '--debug'], alice);
    const { port } = server;
    await until('a wait', async () => (await waitersOf(server)) === 1, 60_000);
    await server.kill();
    await until('the command to notice', () => said.stderr.includes('Trying again'), 60_000);
    server = await start(200, { PORT: String(port) });
    await tasktag.json(create('patience', '--no-wait'), alice);
    const { code, stdout, stderr } = await ended;
    expect([code, JSON.parse(stdout).state]).toEqual([0, 'success']);
    expect(stderr.match(/Trying again/g)).toHaveLength(1);
  });
});
