import { Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { CurrentTask, type Task, TasksService, Tracked } from '../../src/index.js';
import { TaskWaits } from '../../src/tasks/waiting/task-waits.js';
import { HostGuard, type LibraryHost, startHost } from '../support/library/library-host.js';
import { until } from '../support/until.js';

/** The task of the last job. */
let last: Task;

@Controller('jobs')
@UseGuards(HostGuard)
class JobsController {
  @Post()
  @HttpCode(202)
  @Tracked({ task: () => 'job', resource: () => ({ job: '7' }) })
  begin(@CurrentTask() task: Task) {
    last = task;
    return {};
  }
}

describe.each(['express', 'fastify'] as const)('a look-up that waits, in a host on %s', (platform) => {
  let host: LibraryHost;
  let tasks: TasksService;
  let tag: string;
  let count = 0;
  beforeEach(async () => {
    tag = `job ${(count += 1)}`;
    host = await startHost({
      platform,
      controllers: [JobsController],
      controller: { path: 'tasks', decorators: [UseGuards(HostGuard)] },
      options: { subject: ({ job }) => job ?? null },
    });
    tasks = host.app.get(TasksService);
  });
  afterEach(() => host.close());

  const get = (path: string, headers: Record<string, string> = {}, user = 'acme/ann') =>
    host.client.get(path, { token: null, headers: { 'X-User': user, ...headers } });
  const byTag = () => `/tasks?tag=${encodeURIComponent(tag)}`;
  const begin = () => host.client.post('/jobs', {}, { token: null, tag, headers: { 'X-User': 'acme/ann' } });
  const waiting = (wanted = 1) => until(`${wanted} to wait`, () => host.app.get(TaskWaits).count === wanted);

  it('is answered when the job has ended that had not begun', async () => {
    const answers = [get(`${byTag()}&wait=30`), get(byTag(), { Prefer: 'wait=30' })];
    answers.push(get('/tasks?subject=7&wait=30'));
    const other = get(`${byTag()}&wait=1`, {}, 'other/ann');
    await waiting(4);
    expect((await begin()).status).toBe(202);
    expect((await other).json).toEqual({ tasks: [], tasks_links: [] });
    expect(await tasks.succeed(last.uuid)).toBe(true);
    const [one, another, third] = await Promise.all(answers);
    for (const answer of [one, another, third]) {
      expect(answer).toMatchObject({ status: 200, json: { tasks: [{ state: 'success', ended: true }] } });
      expect(answer?.headers).not.toHaveProperty('retry-after');
    }
    expect(one?.headers).not.toHaveProperty('preference-applied');
    expect(another?.headers['preference-applied']).toBe('wait=30');
  });

  it('of one task is answered when that has ended', async () => {
    await begin();
    const answer = get(`/tasks/${last.uuid}?wait=30`);
    await waiting();
    await tasks.fail(last.uuid, { code: 500, message: 'No.' });
    expect(await answer).toMatchObject({ status: 200, json: { task: { state: 'failure', ended: true } } });
  });

  it('tells things as they are when the time is up', async () => {
    await begin();
    const paths = [`${byTag()}&wait=1`, `/tasks/${last.uuid}?wait=1`, '/tasks?tag=none&wait=1'];
    for (const answer of await Promise.all(paths.map((path) => get(path))))
      expect(answer).toMatchObject({ status: 200, headers: { 'retry-after': '1' } });
    expect(await get(`/tasks/${last.uuid.replace(/^....../, 'ffffff')}?wait=30`)).toMatchObject({
      status: 404,
    });
  });

  it.each([
    ['/tasks?tag=x&wait=61', 'wait must be a whole number of seconds, from 0 to 60.'],
    ['/tasks?tag=x&wait=', 'wait must be a whole number of seconds, from 0 to 60.'],
    ['/tasks?tag=x&wait=1&wait=1', 'wait was given twice.'],
    ['/tasks/11111111-2222-4333-8444-555555555555?wait=x', 'wait must be'],
    ['/tasks/11111111-2222-4333-8444-555555555555?wait=1&wait=1', 'wait was given twice.'],
    ['/tasks?wait=1', 'wait needs a tag or a subject to wait for.'],
  ])('says what is wrong with %s', async (path, message) => {
    const { status, json } = await get(path);
    expect([status, json]).toMatchObject([
      400,
      { code: 'INVALID_QUERY', message: expect.stringContaining(message) },
    ]);
  });

  it('is answered at once when the host stops', async () => {
    const answer = get(`${byTag()}&wait=60`);
    await waiting();
    const closed = host.app.close();
    expect(await answer).toMatchObject({ status: 200, json: { tasks: [] }, headers: { 'retry-after': '1' } });
    host.client.close();
    await closed;
  });

  it('is there for the host itself: tasks.wait()', async () => {
    const all = { projectId: 'acme', tag };
    expect(await tasks.wait(all, { ms: 10 })).toBe(false);
    await begin();
    const wait = tasks.wait(all, { ms: 30_000 });
    await waiting();
    await tasks.succeed(last.uuid);
    expect(await wait).toBe(true);
    const aborted = AbortSignal.abort();
    expect(await tasks.wait({ projectId: 'acme', subject: 'none' }, { ms: 30_000, signal: aborted })).toBe(
      false,
    );
    await expect(tasks.wait({ projectId: 'acme' } as never, { ms: 1 })).rejects.toThrow('a tag or a subject');
    await expect(tasks.wait({ projectId: 'acme', tag: '“t”' }, { ms: 1 })).rejects.toThrow('tagFromText');
  });
});
