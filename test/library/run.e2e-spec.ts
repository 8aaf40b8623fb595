import { BadRequestException, Controller, NotFoundException, Post } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import {
  CurrentTask,
  DuplicateRequestError,
  InvalidTagError,
  RecorderBusyError,
  type RunOptions,
  TagInUseError,
  type Task,
  TasksService,
  Tracked,
} from '../../src/index.js';
import { TaskRecorder } from '../../src/tasks/recording/task.recorder.js';
import { RequestsInFlight } from '../../src/tasks/requests/in-flight/requests-in-flight.js';
import { type LibraryHost, singleTenant, startHost } from '../support/library/library-host.js';
import { gate } from '../support/library/peers-host.js';
import { until } from '../support/until.js';

let tasks: TasksService;

@Controller('parcels')
class ParcelsController {
  @Post()
  @Tracked({ task: () => 'parcel' })
  async send(@CurrentTask() { projectId, tag }: Task) {
    const label = () => ({ label: 'L1' });
    return tasks.run({ projectId, tag, task: 'label', duplicates: 'replay' }, label);
  }
}

describe("work that the host's code asks for", () => {
  let host: LibraryHost;
  let dataSource: DataSource;
  let tag: string;
  let count = 0;
  beforeAll(async () => {
    host = await startHost({
      platform: 'fastify',
      controllers: [ParcelsController],
      options: { requester: singleTenant, subject: ({ order }) => order ?? null },
    });
    tasks = host.app.get(TasksService, { strict: false });
    dataSource = host.app.get<DataSource>(getDataSourceToken());
    await dataSource.query('CREATE TABLE parcels (task varchar(36) PRIMARY KEY)');
  });
  afterAll(() => host.close());
  beforeEach(() => (tag = `tag ${(count += 1)}`));

  /** The work, which counts how often it is done. */
  const counted = <Result>(work: (task: Task) => Result | Promise<Result>) => {
    const counter = { times: 0, work: (task: Task) => ((counter.times += 1), work(task)) };
    return counter;
  };
  const order = (more: object = {}): RunOptions<any> => ({ projectId: 'shop', tag, task: 'order', ...more });
  const found = async (projectId = 'shop') => (await tasks.list({ projectId, tag }, { limit: 100 })).tasks;

  it('is recorded before it begins, and found by its tag with its outcome', async () => {
    const id = await tasks.run(
      order({ userId: 'ann', resource: { shop: '1' }, outcome: outcomeOf }),
      async ({ uuid, tag: its }) => {
        expect(its).toBe(tag);
        expect(await found()).toMatchObject([
          { uuid, state: 'pending', userId: 'ann', resource: { shop: '1' } },
        ]);
        return 7;
      },
    );
    expect(id).toBe(7);
    expect(await found()).toMatchObject([{ task: 'order', state: 'success', resource: { order: '7' } }]);
  });

  it('is refused under the same tag, with the first task', async () => {
    const counter = counted(() => 'done');
    const parameters = { item: 'ink', at: new Date(0) };
    await tasks.run(order({ parameters }), counter.work);
    const again = tasks.run(order({ parameters: { at: new Date(0), item: 'ink' } }), counter.work);
    await expect(again).rejects.toThrow(DuplicateRequestError);
    const [{ uuid }] = (await found()) as [Task];
    await expect(again).rejects.toMatchObject({ status: 409, task: { uuid, state: 'success' } });
    expect([counter.times, (await found()).length]).toEqual([1, 1]);
  });

  it.each([
    ['another task', { task: 'order/2' }],
    ['other parameters', { parameters: { item: 'pen' } }],
    ['another project', { projectId: 'other' }],
  ])('is other work with %s', async (_, more) => {
    const counter = counted(() => 'done');
    await tasks.run(order(), counter.work);
    await tasks.run(order(more), counter.work);
    expect(counter.times).toBe(2);
  });

  it('is done once, however many ask for it at once', async () => {
    const counter = counted(() => 'done');
    const runs = await Promise.allSettled(Array.from({ length: 16 }, () => tasks.run(order(), counter.work)));
    expect(counter.times).toBe(1);
    expect(runs.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refusals = runs.filter((run) => run.status === 'rejected');
    for (const { reason } of refusals) expect(reason).toBeInstanceOf(DuplicateRequestError);
  });

  it('is recorded without a tag, and never refused', async () => {
    const counter = counted(() => 'done');
    for (let n = 0; n < 2; n += 1) {
      await tasks.run(order({ tag: null, resource: { order: tag } }), counter.work);
    }
    expect(counter.times).toBe(2);
    const { tasks: of } = await tasks.list({ projectId: 'shop', subject: tag }, { limit: 10 });
    expect(of).toMatchObject([{ state: 'success' }, { state: 'success' }]);
  });

  describe('that comes again', () => {
    it("gets the first one's result, with 'replay'", async () => {
      const counter = counted(() => ({ id: 7, at: new Date(0) }));
      const again = order({ duplicates: 'replay' });
      expect(await tasks.run(again, counter.work)).toEqual({ id: 7, at: new Date(0) });
      expect(await tasks.run(again, counter.work)).toEqual({ id: 7, at: '1970-01-01T00:00:00.000Z' });
      expect(counter.times).toBe(1);
    });

    it('gets nothing of what must not be stored, and is refused if the result cannot be', async () => {
      const secret = order({ duplicates: 'replay', replay: { redact: ['pin'] } });
      await tasks.run(secret, () => ({ id: 7, pin: 1234 }));
      expect(await tasks.run(secret, () => ({}))).toEqual({ id: 7, pin: null });
      for (const [name, result] of Object.entries({ long: 'x'.repeat(101), circle: circle() })) {
        const run = order({ task: name, duplicates: 'replay', replay: { maxBytes: 100 } });
        await tasks.run(run, () => result);
        await expect(tasks.run(run, () => result)).rejects.toThrow(DuplicateRequestError);
      }
    });

    it("gets nothing where the first one gave nothing, with 'replay'", async () => {
      const run = order({ duplicates: 'replay' });
      await tasks.run(run, () => undefined);
      expect(await tasks.run(run, () => 'a second time')).toBeUndefined();
    });

    it("waits for the first one, and gets what its task tells, with 'answer'", async () => {
      const { wait, open } = gate();
      const answer = order({
        duplicates: 'answer',
        outcome: outcomeOf,
        answerAgain: ({ resource }: Task) => Number(resource?.['order']),
      });
      const first = tasks.run(answer, async () => {
        await wait;
        return 7;
      });
      await until('the first to be recorded', async () => (await found()).length === 1);
      const second = tasks.run(answer, () => 8);
      open();
      expect(await Promise.all([first, second])).toEqual([7, 7]);
    });

    it("is done if the first one is rejected while it waits, with 'answer'", async () => {
      const { wait, open } = gate();
      const answer = order({ duplicates: 'answer', answerAgain: () => 'made' });
      const first = tasks.run(answer, async () => {
        await wait;
        throw new BadRequestException();
      });
      await until('the first to be recorded', async () => (await found()).length === 1);
      const second = tasks.run(answer, () => 'done');
      open();
      await expect(first).rejects.toThrow(BadRequestException);
      expect(await second).toBe('done');
    });
  });

  describe('that throws', () => {
    const fail = (error: unknown, more: object = {}) =>
      tasks.run(order(more), () => Promise.reject(error as Error)).catch((thrown: unknown) => thrown);

    it('an error of 4xx was not done, and is done when it comes again', async () => {
      const error = new NotFoundException('no such item');
      expect(await fail(error)).toBe(error);
      expect(await tasks.run(order(), () => 'done')).toBe('done');
      expect(await found()).toMatchObject([
        { state: 'success' },
        { state: 'failure', faultCode: 404, faultMessage: 'no such item', duplicateKey: null },
      ]);
    });

    it('any other error may have been done, and is refused', async () => {
      await fail(new Error('it broke'));
      expect(await found()).toMatchObject([{ state: 'unknown' }]);
      await expect(tasks.run(order(), () => 'done')).rejects.toThrow(DuplicateRequestError);
    });

    it('an error that the host knows ends as the host says', async () => {
      const outcomeOfError = (error: unknown) =>
        error === 'sold out' ? { state: 'failure', fault: { code: 410, message: 'sold out' } } : null;
      await fail('sold out', { outcomeOfError });
      expect(await found()).toMatchObject([{ state: 'failure', faultCode: 410 }]);
      await fail('something', { task: 'other', outcomeOfError });
      expect(await found()).toMatchObject([{ state: 'unknown' }, { state: 'failure' }]);
    });
  });

  describe('together with rows of its own', () => {
    const insert = ({ uuid }: Task, fails = false) =>
      dataSource.transaction(async (manager) => {
        await manager.query(`INSERT INTO parcels (task) VALUES ('${uuid}')`);
        await tasks.succeed(uuid, { manager });
        if (fails) throw new Error('rolled back');
      });

    it('is done with its task', async () => {
      await tasks.run(order({ sameTransaction: true }), (task) => insert(task));
      expect(await found()).toMatchObject([{ state: 'success' }]);
    });

    it('or not at all, and may come again', async () => {
      const run = order({ sameTransaction: true });
      await expect(tasks.run(run, (task) => insert(task, true))).rejects.toThrow('rolled back');
      expect(await found()).toMatchObject([{ state: 'failure', duplicateKey: null }]);
      await tasks.run(run, (task) => insert(task));
      expect(await found()).toMatchObject([{ state: 'success' }, { state: 'failure' }]);
    });
  });

  it('within a tracked handler is a task of its own', async () => {
    const { status, json } = await host.client.post('/parcels', {}, { token: null, tag });
    expect({ status, json }).toEqual({ status: 201, json: { label: 'L1' } });
    expect(await found('single-tenant')).toMatchObject([
      { task: 'label', state: 'success' },
      { task: 'parcel', state: 'success' },
    ]);
  });

  it('within itself is refused', async () => {
    const counter = counted(async () => {
      await expect(tasks.run(order(), () => 'inner')).rejects.toThrow(DuplicateRequestError);
      return 'outer';
    });
    expect(await tasks.run(order(), counter.work)).toBe('outer');
  });

  it.each<[string, object, string]>([
    ['an unknown option', { parameter: 1 }, 'tasks.run() has no option parameter'],
    [
      'no tag, without saying so',
      { tag: undefined },
      'tag of tasks.run() must be of the type string or null',
    ],
    ['no tenant', { projectId: '' }, 'no projectId'],
    ['a tenant with a blank at its end', { projectId: 'a ' }, 'white space'],
    ['no name', { task: '' }, 'tasks.run() was given no name'],
    ['an answer that nobody makes', { duplicates: 'answer' }, 'answerAgain is missing'],
    ['parameters that JSON does not show', { parameters: new Map([[1, 2]]) }, 'a Map'],
  ])('with %s is not begun', async (_, more, message) => {
    const counter = counted(() => 'done');
    await expect(tasks.run(order(more), counter.work)).rejects.toThrow(message);
    await expect(tasks.run(order({ tag: '' }), counter.work)).rejects.toThrow(InvalidTagError);
    await expect(tasks.run(order({ tag: 'заказ' }), counter.work)).rejects.toThrow(
      'a text, not a string of bytes',
    );
    expect(counter.times).toBe(0);
    expect(await found()).toEqual([]);
  });
});

it('is refused under the tag of other work, where a tag is for one request only', async () => {
  const options = { requester: singleTenant, tagReuse: 'refuse' as const };
  const host = await startHost({ platform: 'fastify', options });
  try {
    const service = host.app.get(TasksService, { strict: false });
    await service.run({ projectId: 'shop', tag: 't', task: 'order' }, () => 1);
    const other = service.run({ projectId: 'shop', tag: 't', task: 'cancel' }, () => 2);
    await expect(other).rejects.toThrow(TagInUseError);
  } finally {
    await host.close();
  }
});

it('is not begun while it cannot be recorded, even without a tag and where requests may pass', async () => {
  const options = { requester: singleTenant, unrecorded: 'pass' as const };
  const host = await startHost({ platform: 'fastify', options });
  const work = jest.fn();
  try {
    const service = host.app.get(TasksService, { strict: false });
    jest.spyOn(host.app.get(TaskRecorder), 'record').mockRejectedValue(new RecorderBusyError());
    for (const tag of ['t', null]) {
      const run = service.run({ projectId: 'shop', tag, task: 'order' }, work);
      await expect(run).rejects.toThrow(RecorderBusyError);
    }
    expect(work).not.toHaveBeenCalled();
  } finally {
    await host.close();
  }
});

it('is awaited by a host that stops, and its outcome is recorded', async () => {
  const { wait, open } = gate();
  const host = await startHost({ platform: 'fastify', options: { requester: singleTenant } });
  const service = host.app.get(TasksService, { strict: false });
  const run = service.run({ projectId: 'shop', tag: 't', task: 'order' }, () => wait);
  const list = () => service.list({ projectId: 'shop', tag: 't' }, { limit: 1 });
  await until('it to be recorded', async () => (await list()).tasks.length === 1);
  await until('it to begin', () => host.app.get(RequestsInFlight).tasks().length === 1);
  expect(host.app.get(RequestsInFlight).tasks()).toMatchObject([{ tag: 't' }]);
  let after: string | undefined;
  const dataSource = host.app.get<DataSource>(getDataSourceToken());
  const destroy = dataSource.destroy.bind(dataSource);
  dataSource.destroy = async () => {
    [{ state: after }] = await dataSource.query<[{ state: string }]>('SELECT state FROM tasks');
    await destroy();
  };
  const closed = host.close();
  open();
  await run;
  await closed;
  expect(after).toBe('success');
});

const outcomeOf = (id: number) => ({ state: 'success' as const, resource: { order: String(id) } });

function circle(): object {
  const itself: { itself?: object } = {};
  itself.itself = itself;
  return itself;
}
