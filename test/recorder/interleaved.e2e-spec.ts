import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { NewTask } from '../../src/tasks/recording/new-task.js';
import { TaskRecorder } from '../../src/tasks/recording/task.recorder.js';
import { Task } from '../../src/tasks/task.entity.js';
import { DuplicateRequestError } from '../../src/tasks/task.errors.js';
import { type Outcome, statesBefore, type TaskState } from '../../src/tasks/task.states.js';
import { type LibraryHost, startHost } from '../support/library/library-host.js';
import { trials } from '../support/trials.js';

/** What happens at a time: a request, news of a task that was there before, or a turn in which others go ahead. */
type Step = { accept: number } | { bad: true } | { settle: number; outcome: Outcome } | 'turn';

const KNOWN = 8;

/** Not a rejection: it goes by a transaction of its own, so it has no order among the others. */
const outcome = fc.constantFrom<Outcome>(
  { state: 'unknown' },
  { state: 'processing', lookAgainAt: 1e15 },
  { state: 'success', resource: { server: 'a' } },
  { state: 'failure', fault: { code: 500, message: "it's over\\" } },
);

const step = fc.oneof<fc.WeightedArbitrary<Step>[]>(
  { weight: 6, arbitrary: fc.record({ accept: fc.nat({ max: 6 }) }) },
  { weight: 6, arbitrary: fc.record({ settle: fc.nat({ max: KNOWN - 1 }), outcome }) },
  { weight: 1, arbitrary: fc.constant({ bad: true } as const) },
  { weight: 2, arbitrary: fc.constant('turn' as const) },
);

describe('requests and news that come in any order at once', () => {
  let host: LibraryHost;
  beforeAll(async () => {
    host = await startHost({ platform: 'fastify', options: { pendingMs: 3_600_000 } });
  });
  afterAll(() => host.close());

  it('come out as if one after the other: who was first, which news counts, and a bad one fails alone', async () => {
    const recorder = host.app.get(TaskRecorder, { strict: false });
    const tasks = host.app.get(DataSource).getRepository(Task);
    let run = 0;
    const request = (tag: string, more: Partial<NewTask> = {}): NewTask => ({
      projectId: 'demo',
      userId: 'alice',
      tag: tag,
      description: { method: 'POST', url: '/x', mediaType: 'text/plain', body: Buffer.from('x') },
      task: 'create',
      resource: null,
      requestId: null,
      globalRequestId: null,
      ...more,
    });
    const bad = { userId: null as unknown as string };

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        run += 1;
        const known = await Promise.all(
          Array.from({ length: KNOWN }, (_, n) => recorder.record(request(`${run} known ${n}`))),
        );
        const states: TaskState[] = known.map(() => 'pending');
        const accepts: { tag: number; result: Promise<PromiseSettledResult<Task>> }[] = [];
        const others: Promise<void>[] = [];
        const settled = <T>(promise: Promise<T>) => Promise.allSettled([promise]).then(([result]) => result);
        for (const one of steps) {
          if (one === 'turn') await turn();
          else if ('accept' in one) {
            const tag = one.accept;
            accepts.push({ tag, result: settled(recorder.record(request(`${run} new ${tag}`))) });
          } else if ('bad' in one) {
            const result = settled(recorder.record(request(`${run} bad ${others.length}`, bad)));
            others.push(result.then(({ status }) => expect(status).toBe('rejected')));
          } else {
            const now = states[one.settle] as TaskState;
            const isNews = statesBefore(one.outcome, 'observation').includes(now);
            if (isNews) states[one.settle] = one.outcome.state as TaskState;
            const result = recorder.recordOutcome((known[one.settle] as Task).uuid, one.outcome);
            others.push(result.then((isRecorded) => expect(isRecorded).toBe(isNews)));
          }
        }
        await Promise.all(others);
        const first = new Map<number, string>();
        const results = await Promise.all(
          accepts.map(async ({ tag, result }) => ({ tag, ...(await result) })),
        );
        for (const result of results) {
          if (result.status !== 'fulfilled') continue;
          expect(first.has(result.tag)).toBe(false);
          first.set(result.tag, result.value.uuid);
        }
        for (const result of results) {
          if (result.status === 'fulfilled') continue;
          expect(result.reason).toBeInstanceOf(DuplicateRequestError);
          expect((result.reason as DuplicateRequestError).task.uuid).toBe(first.get(result.tag));
        }
        const rows = await tasks.find({ order: { uuid: 'ASC' } });
        const stateOf = new Map(rows.map(({ uuid, state }) => [uuid, state]));
        expect(known.map(({ uuid }) => stateOf.get(uuid))).toEqual(states);
        expect(rows).toHaveLength(KNOWN + first.size);
        await tasks.clear();
      }),
      { numRuns: trials(40) },
    );
  });
});
