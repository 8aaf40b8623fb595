import { DataSource } from 'typeorm';
import { TaskRecorder } from '../../src/tasks/recording/task.recorder.js';
import { Task } from '../../src/tasks/task.entity.js';
import type { TaskState } from '../../src/tasks/task.states.js';
import type { Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { countServers, newServer, untilEnded } from '../support/server/servers.js';
import { asRefused, tasksOf } from '../support/server/tasks.js';

const ADMIN: Call = { token: 'admin:ops' };
const NOBODYS = '11111111-2222-4333-8444-555555555555';

describe.each(['group', 'refuse'])('an administrator who resolves a task (TAG_REUSE=%s)', (TAG_REUSE) => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp({ TAG_REUSE });
  });
  afterAll(() => test.close());

  const resolve = (uuid: unknown, said: object, call: Call = ADMIN) =>
    test.client.post('/v3/tasks/action', { resolve: { uuid, ...said } }, call);
  const create = (tag: string, call: Call) => test.client.post('/v3/servers', newServer(), { ...call, tag });

  /** The task of a request that was carried out, of which nobody knows: the follower does not look at it. */
  async function taskOf(tag: string, call: Call, state: TaskState = 'unknown'): Promise<any> {
    await create(tag, call);
    const { uuid } = await untilEnded(test.client, tag, call);
    await test.app.get(DataSource).getRepository(Task).update({ uuid }, { state, nextLook: null });
    return (await tasksOf(test.client, call, `?tag=${tag}`))[0];
  }

  it('as not accepted: the same request is carried out when it comes again', async () => {
    const call = { token: 'alice:not' };
    const task = await taskOf('not', call);
    expect((await create('not', call)).status).toBe(409);
    const { status, json } = await resolve(task.uuid, {
      accepted: false,
      state: 'failure',
      reason: 'not in the log',
    });
    const { last_updated: at } = json.task;
    expect([status, json.task]).toEqual([
      200,
      {
        ...task,
        ended: true,
        state: 'failure',
        accepted: false,
        last_updated: at,
        observation: null,
        ended_at: at,
        duplicates: expect.any(Object),
        fault: { code: 503, message: expect.stringMatching(/was not accepted.* may be sent again/) },
        resolved: { by: 'admin', at, reason: 'not in the log' },
      },
    ]);
    expect((await tasksOf(test.client, call, '?tag=not')).map(asRefused)).toEqual([asRefused(json.task)]);
    expect((await create('not', call)).status).toBe(202);
    expect(await countServers(test.client, call)).toBe(2);
  });

  it.each([
    ['success', null],
    ['failure', { code: 500, message: expect.stringMatching(/was accepted, and failed/) }],
  ])(
    'as accepted, with %s: it is refused from then on, and all in the project see who said so',
    async (...of) => {
      const [state, fault] = of;
      const call = { token: 'alice:accepted' };
      const task = await taskOf(state, call);
      expect((await resolve(task.uuid, { accepted: true, state })).status).toBe(200);
      const [seen] = await tasksOf(test.client, { token: 'bob:accepted' }, `?tag=${state}`);
      expect(seen).toMatchObject({
        state,
        accepted: true,
        fault,
        resource: task.resource,
        resolved: { by: 'admin', at: expect.any(String), reason: null },
      });
      const again = await create(state, call);
      expect([again.status, again.json.conflictingRequest.task]).toEqual([409, asRefused(seen)]);
    },
  );

  it('by its uuid in capitals as well', async () => {
    const { uuid } = await taskOf('capitals', { token: 'alice:capitals' });
    const { status, json } = await resolve(uuid.toUpperCase(), { accepted: true, state: 'success' });
    expect([status, json.task.uuid, json.task.state]).toEqual([200, uuid, 'success']);
  });

  it.each(['pending', 'processing', 'success', 'failure'] as const)(
    'that is %s: 409 with the task, and nothing changes',
    async (state) => {
      const call = { token: 'alice:known' };
      const task = await taskOf(`is-${state}`, call, state);
      const { status, json } = await resolve(task.uuid, { accepted: true, state: 'success' });
      expect([status, json.conflictingRequest]).toEqual([
        409,
        {
          code: 409,
          message: expect.stringMatching(`is not unknown: its state is ${state}`),
          task: asRefused(task),
        },
      ]);
      expect(await tasksOf(test.client, call, `?tag=is-${state}`)).toEqual([task]);
    },
  );

  it('while others find out, or say otherwise: the first one counts, and the others are told', async () => {
    const recorder = test.app.get(TaskRecorder, { strict: false });
    const call = { token: 'alice:race' };
    const task = await taskOf('race', call);
    for (let n = 0; n < 20; n += 1) {
      await test.app
        .get(DataSource)
        .getRepository(Task)
        .update({ uuid: task.uuid }, { state: 'unknown', resolved: null });
      const found = recorder.recordOutcome(task.uuid, { state: 'success' });
      const said = await Promise.all([
        resolve(task.uuid, { accepted: true, state: 'failure', reason: 'one' }),
        resolve(task.uuid, { accepted: true, state: 'failure', reason: 'two' }),
      ]);
      const winners = said.filter(({ status }) => status === 200);
      expect(winners.length + Number(await found)).toBe(1);
      const [now] = await tasksOf(test.client, call, '?tag=race');
      for (const { status, json } of said)
        expect([status, asRefused(json.task ?? json.conflictingRequest.task)]).toEqual([
          expect.any(Number),
          asRefused(now),
        ]);
      expect(now.state).toBe(winners.length === 1 ? 'failure' : 'success');
      expect(now.resolved === null).toBe(winners.length === 0);
    }
  });

  it('is no other user, whatever the task', async () => {
    const call = { token: 'alice:mine' };
    const { uuid } = await taskOf('mine', call);
    for (const id of [uuid, NOBODYS, 'nothing']) {
      const { status, json } = await resolve(id, { accepted: true, state: 'success' }, call);
      const message = "Policy doesn't allow tasktag:tasks:resolve to be performed.";
      expect([status, json]).toEqual([403, { forbidden: { code: 403, message } }]);
    }
    expect((await tasksOf(test.client, call))[0].state).toBe('unknown');
  });

  it('that does not exist: 404', async () => {
    const { status, json } = await resolve(NOBODYS, { accepted: true, state: 'success' });
    expect([status, json.itemNotFound?.message]).toEqual([404, `Task ${NOBODYS} could not be found.`]);
  });

  it.each([
    [{ uuid: 'x', accepted: true, state: 'success' }, /uuid\. It must be the uuid of a task/],
    [{ accepted: true, state: 'success' }, /uuid\. It must be/],
    [{ uuid: NOBODYS, state: 'success' }, /accepted\. It must be true or false/],
    [{ uuid: NOBODYS, accepted: 'true', state: 'success' }, /accepted\. It must be/],
    [{ uuid: NOBODYS, accepted: true }, /state\. It must be success or failure/],
    [{ uuid: NOBODYS, accepted: true, state: 'processing' }, /state\. It must be/],
    [
      { uuid: NOBODYS, accepted: false, state: 'success' },
      /state\. A request that was not accepted is a fai/,
    ],
    [{ uuid: NOBODYS, accepted: true, state: 'success', reason: ['x'] }, /reason\. It must be a text/],
    [{ uuid: NOBODYS, accepted: true, state: 'success', by: 'me' }, /'by' was unexpected/],
  ])('is told what is wrong: %p', async (body, message) => {
    const { status, json } = await test.client.post('/v3/tasks/action', { resolve: body }, ADMIN);
    expect([status, json.badRequest?.message]).toEqual([400, expect.stringMatching(message)]);
  });
});
