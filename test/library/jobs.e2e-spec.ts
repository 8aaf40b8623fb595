import { BullModule, getQueueToken, Processor, WorkerHost } from '@nestjs/bullmq';
import { ConflictException, Injectable, Logger, Module, Scope } from '@nestjs/common';
import type { Job, JobsOptions, Queue } from 'bullmq';
import { randomUUID } from 'node:crypto';
import { type Task, taskOf, TasksService, Tracked, type TrackedJob } from '../../src/index.js';
import { type LibraryHost, singleTenant, startHost } from '../support/library/library-host.js';
import { describeWith, SERVICES } from '../support/services/services.js';
import { until } from '../support/until.js';

interface Parcel {
  order?: string;
  throws?: 'broken' | 'sold out';
}

/** What was done: the ids of the jobs. */
const done: string[] = [];

/** What the processors do: a job that throws does so the first time. */
async function pack(job: Job<Parcel>): Promise<object> {
  const times = done.filter((id) => id === job.id).length;
  done.push(job.id ?? '');
  // As those do that go on where they were.
  await job.updateData({ ...job.data, step: 2 } as Parcel);
  if (job.data.throws === 'sold out' && times === 0) throw new ConflictException('sold out');
  if (job.data.throws === 'broken') throw new Error('it broke');
  return { parcel: `parcel of ${job.id}`, task: taskOf(job)?.uuid };
}

@Processor('parcels')
class Parcels extends WorkerHost {
  @Tracked({ task: () => 'pack' })
  async process(job: Job<Parcel>) {
    return pack(job);
  }
}

@Processor('orders')
class Orders extends WorkerHost {
  @Tracked<unknown, TrackedJob<Parcel>>({
    task: () => 'pack',
    tag: ({ data }) => data.order ?? null,
    duplicates: 'replay',
  })
  async process(job: Job<Parcel>) {
    return pack(job);
  }
}

@Processor('made')
class Made extends WorkerHost {
  @Tracked({ task: () => 'pack', duplicates: 'answer', answerAgain: ({ uuid }) => ({ made: uuid }) })
  async process(job: Job<Parcel>) {
    return pack(job);
  }
}

@Injectable({ scope: Scope.REQUEST })
class OfOneJob {}

@Processor({ name: 'scoped', scope: Scope.REQUEST })
class Scoped extends WorkerHost {
  constructor(readonly one: OfOneJob) {
    super();
  }

  @Tracked({ task: () => 'pack' })
  async process(job: Job<Parcel>) {
    return { ...(await pack(job)), one: this.one instanceof OfOneJob };
  }
}

const QUEUES = ['parcels', 'orders', 'made', 'scoped'] as const;

describeWith('Redis', 'a job of BullMQ', () => {
  let host: LibraryHost;
  let tasks: TasksService;
  beforeAll(async () => {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const { hostname: redis, port } = new URL(SERVICES.Redis);

    @Module({
      imports: [
        BullModule.forRoot({ connection: { host: redis, port: Number(port) }, prefix: randomUUID() }),
        BullModule.registerQueue(...QUEUES.map((name) => ({ name }))),
      ],
      providers: [Parcels, Orders, Made, Scoped, OfOneJob],
    })
    class QueuesModule {}

    host = await startHost({
      platform: 'fastify',
      imports: [QueuesModule],
      options: { requester: singleTenant },
    });
    tasks = host.app.get(TasksService, { strict: false });
  });
  afterAll(async () => {
    for (const name of QUEUES) await queue(name).obliterate({ force: true });
    await host.close();
    jest.restoreAllMocks();
  });
  beforeEach(() => done.splice(0));

  const queue = (name: (typeof QUEUES)[number]) =>
    host.app.get<Queue>(getQueueToken(name), { strict: false });
  const add = (name: (typeof QUEUES)[number], data: Parcel = {}, options: JobsOptions = {}) =>
    queue(name).add('pack', data, { jobId: randomUUID(), ...options });
  const ended = async (job: Job, state = 'completed') => {
    await until(`the job to be ${state}`, async () => (await job.getState()) === state);
    return (await queue(job.queueName as 'parcels').getJob(job.id!))!;
  };
  const taskOfTag = async (tag: string): Promise<Task[]> =>
    (await tasks.list({ projectId: 'single-tenant', tag }, { limit: 10 })).tasks;

  it.each(['parcels', 'scoped'] as const)('of %s is a task, whose tag is its id', async (name) => {
    const job = await add(name);
    const { returnvalue } = await ended(job);
    const [task] = await taskOfTag(job.id!);
    expect(task).toMatchObject({ task: 'pack', state: 'success' });
    expect(returnvalue).toMatchObject({ task: task!.uuid });
    if (name === 'scoped') expect(returnvalue).toMatchObject({ one: true });
  });

  it('of which another has the same tag is not done again, and gets its result', async () => {
    const order = randomUUID();
    const first = await ended(await add('orders', { order }));
    const second = await ended(await add('orders', { order }));
    expect(done).toEqual([first.id]);
    expect(second.returnvalue).toEqual(first.returnvalue);
    expect(await taskOfTag(order)).toHaveLength(1);
  });

  it('without a tag is a task, too', async () => {
    const first = await ended(await add('orders'));
    await ended(await add('orders'));
    expect(done).toHaveLength(2);
    const filter = { projectId: 'single-tenant' };
    expect(await tasks.findOne(first.returnvalue.task, filter)).toMatchObject({
      tag: null,
      state: 'success',
    });
  });

  it('that was refused is tried again', async () => {
    const job = await add('parcels', { throws: 'sold out' }, { attempts: 2 });
    await ended(job);
    expect(done).toEqual([job.id, job.id]);
    expect(await taskOfTag(job.id!)).toMatchObject([{ state: 'success' }, { state: 'failure' }]);
  });

  it.each([
    ['parcels', true, undefined],
    ['made', true, { made: expect.any(String) }],
    ['parcels', false, undefined],
  ] as const)(
    'of %s that broke is not tried again before it is known what it has done: it was accepted: %s',
    async (name, accepted, result) => {
      const job = await add(name, { throws: 'broken' }, { attempts: 2 });
      const since = performance.now();
      await ended(job, 'delayed');
      // It waits in the queue, not in a worker, which would take ten seconds.
      expect(performance.now() - since).toBeLessThan(9000);
      const [{ uuid, state }] = (await taskOfTag(job.id!)) as [Task];
      expect({ state, done }).toEqual({ state: 'unknown', done: [job.id] });
      await tasks.resolve(uuid, { accepted, state: accepted ? 'success' : 'failure', by: 'ann' });
      await job.promote().catch(() => undefined);
      const end = await ended(job, accepted ? 'completed' : 'failed');
      expect(done).toHaveLength(accepted ? 1 : 2);
      expect(end.returnvalue ?? undefined).toEqual(result);
    },
  );

  it('whose task has failed fails, and is not tried again', async () => {
    const job = await add('parcels', { throws: 'broken' }, { attempts: 5 });
    await ended(job, 'delayed');
    const [{ uuid }] = (await taskOfTag(job.id!)) as [Task];
    await tasks.resolve(uuid, { accepted: true, state: 'failure', by: 'ann', reason: 'it fell down' });
    await job.promote().catch(() => undefined);
    const { failedReason, attemptsMade } = await ended(job, 'failed');
    expect({ failedReason, attemptsMade, done }).toEqual({
      failedReason: expect.any(String),
      attemptsMade: 2,
      done: [job.id],
    });
  });

  it('whose id belonged to an earlier job is another one', async () => {
    const jobId = randomUUID();
    await (await ended(await add('parcels', {}, { jobId }))).remove();
    const since = Date.now();
    await until('another millisecond', () => Date.now() > since);
    await ended(await add('parcels', {}, { jobId }));
    expect(done).toEqual([jobId, jobId]);
  });
});

it('a processor needs the module, and says so', async () => {
  const processor = new Parcels();
  const job = { id: '1', name: 'pack' } as Job<Parcel>;
  await expect(processor.process(job)).rejects.toThrow(
    "@Tracked() on Parcels.process() needs TasksModule: import it in the application's module.",
  );
});
