import { observedTask } from '../../src/compute/observed-task.js';
import { RecordedTasks } from '../../src/gateway/nova/observation/recovery/recorded-tasks.js';
import { FollowedTasks } from '../../src/tasks/following/followed-tasks.js';
import { TaskRecorder } from '../../src/tasks/recording/task.recorder.js';
import { TASKS_DATA_SOURCE } from '../../src/tasks/tables/tasks-data-source.js';
import { startApp, type TestApp } from '../support/server/app.js';

const REQUEST = {
  projectId: 'p',
  userId: 'u',
  tag: null,
  description: null,
  task: 'reboot',
  resource: { server: 's' },
  requestId: null,
  globalRequestId: null,
};

describe('what recovery asks of the tasks', () => {
  let test: TestApp;
  let recorder: TaskRecorder;
  let tasks: FollowedTasks;
  let recorded: RecordedTasks;
  beforeEach(async () => {
    test = await startApp();
    recorder = test.app.get(TaskRecorder, { strict: false });
    tasks = test.app.get(FollowedTasks, { strict: false });
    recorded = new RecordedTasks(test.app.get(TASKS_DATA_SOURCE, { strict: false }));
  });
  afterEach(() => test.close());

  /** It is not looked at before the test is over. */
  const processing = (requestId: string) => ({
    state: 'processing' as const,
    requestId,
    lookAgainAt: Date.now() + 600_000,
  });

  it('tells the tasks like one of which it is not known whether they were accepted, in time order', async () => {
    const first = await recorder.record(REQUEST);
    const second = await recorder.record(REQUEST);
    const accepted = await recorder.record(REQUEST);
    await recorder.recordOutcome(accepted.uuid, processing('req-1'));
    for (const other of [
      { projectId: 'x' },
      { userId: 'x' },
      { task: 'stop' },
      { resource: { server: 'x' } },
    ])
      await recorder.record({ ...REQUEST, ...other });
    const create = await recorder.record({ ...REQUEST, task: 'create', resource: null });

    const like = await recorded.undecided(observedTask(first));
    expect(like.map(({ uuid }) => uuid)).toEqual([first.uuid, second.uuid]);
    expect((await recorded.undecided(observedTask(create))).map(({ uuid }) => uuid)).toEqual([create.uuid]);
  });

  it('tells which request ids belong to tasks of the project', async () => {
    const task = await recorder.record(REQUEST);
    await recorder.recordOutcome(task.uuid, processing('req-1'));
    const other = await recorder.record({ ...REQUEST, projectId: 'x' });
    await recorder.recordOutcome(other.uuid, processing('req-2'));

    const ids = ['req-1', 'req-2', 'req-3'];
    expect(await recorded.requestIdsOfTasks({ projectId: 'p', since: task.startTime }, ids)).toEqual(
      new Set(['req-1']),
    );
    const muchLater = task.startTime + 3_600_000;
    expect(await recorded.requestIdsOfTasks({ projectId: 'p', since: muchLater }, ids)).toEqual(new Set());
    const place = { projectId: 'p', serverId: task.subject as string };
    expect(await recorded.requestIdsOfTasks(place, ids)).toEqual(new Set(['req-1']));
    expect(await recorded.requestIdsOfTasks({ ...place, serverId: 'x' }, ids)).toEqual(new Set());
  });

  it('tells which servers tasks of the project are about, the others of a create too', async () => {
    const { uuid } = await recorder.record({ ...REQUEST, task: 'create', resource: null });
    await recorder.recordOutcome(uuid, {
      ...processing('req-3'),
      resource: { server: 'k1' },
      subjects: ['k1', 'k2'],
    });
    const known = await recorded.serversOfTasks('p', ['k1', 'k2', 'k3']);
    expect(known).toEqual(new Set(['k1', 'k2']));
    expect(await recorded.serversOfTasks('p', [])).toEqual(new Set());
  });

  it('takes an answer for what it is, when the task was already looked after', async () => {
    const fault = { code: 409, message: 'no' };
    const [late, adopted] = [await recorder.record(REQUEST), await recorder.record(REQUEST)];
    await recorder.recordOutcome(late.uuid, { state: 'unknown' });
    expect(await recorder.recordOutcome(late.uuid, { state: 'unknown', requestId: 'req-4' })).toBe(false);
    expect(await recorder.recordOutcome(late.uuid, { state: 'unknown', requestId: 'req-4' }, 'answer')).toBe(
      true,
    );
    await recorder.recordOutcome(adopted.uuid, processing('req-5'));
    expect(await recorder.recordOutcome(adopted.uuid, { state: 'rejected', fault })).toBe(false);
    expect(await recorder.recordOutcome(adopted.uuid, { state: 'rejected', fault }, 'answer')).toBe(true);
    const found = await tasks.open([late.uuid, adopted.uuid]);
    expect(found.map(({ requestId }) => requestId)).toEqual(['req-4']);
  });

  it('tells open tasks from those that have ended', async () => {
    const open = await recorder.record(REQUEST);
    const ended = await recorder.record(REQUEST);
    await recorder.recordOutcome(ended.uuid, { state: 'success' });
    const found = await tasks.open([open.uuid, ended.uuid]);
    expect(found.map(({ uuid }) => uuid)).toEqual([open.uuid]);
  });

  it('tells what is new of a task', async () => {
    const { uuid } = await recorder.record({ ...REQUEST, task: 'create', resource: null });
    const told = { ...processing('req-1'), resource: { server: 'a' }, subjects: ['a', 'b'] };
    await recorder.recordOutcome(uuid, told);
    const [task] = await tasks.open([uuid]);
    if (task === undefined) throw new Error('it is open');
    expect(await tasks.isNews(task, told)).toBe(false);
    expect(await tasks.isNews(task, {})).toBe(false);
    expect(await tasks.isNews(task, { requestId: 'req-2' })).toBe(true);
    expect(await tasks.isNews(task, { resource: { server: 'a', image: 'i' } })).toBe(true);
    expect(await tasks.isNews(task, { subjects: ['a', 'b', 'c'] })).toBe(true);
  });
});
