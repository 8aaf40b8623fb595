import fc from 'fast-check';
import { TasksService } from '../../src/index.js';
import { Abandonments } from '../../src/tasks/abandoning/abandonments.js';
import { AbandonedTags } from '../../src/tasks/recording/abandoned-tags.js';
import type { NewTask } from '../../src/tasks/recording/new-task.js';
import { TaskRecorder } from '../../src/tasks/recording/task.recorder.js';
import { TaskWrites } from '../../src/tasks/recording/task-writes.js';
import { AbandonedTagError, TooLateToAbandonError } from '../../src/tasks/task.errors.js';
import { lent, type TestDatabase } from '../support/database/database.js';
import { keptDatabase } from '../support/database/kept-databases.js';
import { type LibraryHost, startHost } from '../support/library/library-host.js';
import { trials } from '../support/trials.js';

/** What one side does: each at one of two processes. A rejected request was never carried out. */
type Side =
  { does: 'request'; at: 0 | 1; body: number; isRejected: boolean } | { does: 'abandon'; at: 0 | 1 };

const at = fc.constantFrom<(0 | 1)[]>(0, 1);
const request = fc.record({
  does: fc.constant('request' as const),
  at,
  body: fc.nat({ max: 2 }),
  isRejected: fc.boolean(),
});
const abandonment = fc.record({ does: fc.constant('abandon' as const), at });

/** Lets the sides of a run take their steps one at a time, in an order that is given. */
class Turns {
  private waiting: (() => void)[] = [];
  private told: () => void = () => undefined;
  private running: number;

  constructor(sides: number) {
    this.running = sides;
  }

  /** Before each step of a side. */
  take(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.stops();
    });
  }

  /** A side has ended. */
  readonly end = () => this.stops();

  /** @param order which of the waiting sides is next, again and again */
  async run(order: readonly number[]): Promise<void> {
    for (let n = 0; ; n += 1) {
      if (this.running > 0) await new Promise<void>((resolve) => (this.told = resolve));
      if (this.waiting.length === 0) return;
      const [next] = this.waiting.splice((order[n % order.length] ?? 0) % this.waiting.length, 1);
      this.running += 1;
      next?.();
    }
  }

  private stops(): void {
    this.running -= 1;
    if (this.running === 0) this.told();
  }
}

/** The steps of both sides. */
const STEPS: [prototype: object, names: string[]][] = [
  [AbandonedTags.prototype, ['find', 'begin', 'finish', 'takeBack', 'taskOf']],
  [Abandonments.prototype, ['inTheWay']],
  [TaskWrites.prototype, ['insert']],
  [TaskRecorder.prototype, ['recordOutcome']],
];

describe.each([
  ['group', 'group'],
  ['refuse', 'refuse'],
  ['group', 'refuse'],
] as const)('requests and abandonments of one tag, at processes with tagReuse %s and %s', (...modes) => {
  let database: TestDatabase;
  let hosts: LibraryHost[];
  let turns: Turns | null = null;
  beforeAll(async () => {
    database = await keptDatabase('library');
    hosts = [];
    for (const tagReuse of modes) {
      const options = { tagReuse, pendingMs: 3_600_000 };
      const shared = lent(database);
      hosts.push(await startHost({ platform: 'fastify', database: shared, options }));
    }
    for (const [prototype, names] of STEPS) {
      for (const name of names) {
        const steps = prototype as Record<string, (...given: unknown[]) => Promise<unknown>>;
        const go = steps[name] as (...given: unknown[]) => Promise<unknown>;
        jest.spyOn(steps, name).mockImplementation(async function (this: unknown, ...given) {
          await turns?.take();
          return go.apply(this, given);
        });
      }
    }
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    for (const host of hosts) await host.close();
    await database.drop();
  });

  const host = (n: number) => (hosts[n] as LibraryHost).app;
  const recorder = (n: number) => host(n).get(TaskRecorder, { strict: false });
  const newTask = (tag: string, body: number): NewTask => ({
    projectId: 'demo',
    userId: 'alice',
    tag,
    description: { method: 'POST', url: '/x', mediaType: 'text/plain', body: Buffer.from(String(body)) },
    task: 'create',
    resource: null,
    requestId: null,
    globalRequestId: null,
  });
  const abandon = (n: number, tag: string) =>
    host(n).get(TasksService, { strict: false }).abandon({ projectId: 'demo', userId: 'bob' }, tag);

  let run = 0;

  /** What came of a tag. */
  async function outcomes(sides: Side[], order: number[]) {
    run += 1;
    const tag = `run ${run}`;
    const seen = { tag, carriedOut: 0, rejected: 0, gone: 0, tooLate: 0, abandoned: new Set<string>() };
    turns = new Turns(sides.length);
    const all = sides.map(async (side) => {
      try {
        if (side.does === 'abandon') {
          seen.abandoned.add((await abandon(side.at, tag)).uuid);
          return;
        }
        const { uuid } = await recorder(side.at).record(newTask(tag, side.body));
        if (side.isRejected) {
          const fault = { code: 400, message: 'no' };
          await recorder(side.at).recordOutcome(uuid, { state: 'rejected', fault }, 'answer');
          seen.rejected += 1;
        } else seen.carriedOut += 1;
      } catch (error) {
        if (error instanceof AbandonedTagError) seen.gone += 1;
        else if (error instanceof TooLateToAbandonError) seen.tooLate += 1;
        // Another request was first.
        else if ((error as { status?: number }).status !== 409) throw error;
      } finally {
        turns?.end();
      }
    });
    await turns.run(order);
    await Promise.all(all);
    turns = null;
    return seen;
  }

  it('one side goes ahead, in whatever order their steps come; never a request after its tag was abandoned', async () => {
    const sides = fc.tuple(request, abandonment, fc.array(fc.oneof(request, abandonment), { maxLength: 3 }));
    const order = fc.array(fc.nat({ max: 9 }), { minLength: 10, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(sides, order, async ([first, second, others], steps) => {
        const seen = await outcomes([first, second, ...others], steps);
        if (seen.abandoned.size > 0) {
          expect(seen).toMatchObject({ carriedOut: 0, ...(seen.rejected === 0 && { tooLate: 0 }) });
          // All that abandon it get the same task; so does whoever comes later, and a request is gone.
          const { uuid } = await abandon(0, seen.tag);
          expect([...seen.abandoned]).toEqual([uuid]);
          for (const n of [0, 1])
            await expect(recorder(n).record(newTask(seen.tag, 9))).rejects.toMatchObject({
              status: 410,
              task: { uuid },
            });
        } else {
          expect(seen).toMatchObject({ gone: 0 });
          expect(seen.carriedOut + seen.rejected).toBeGreaterThan(0);
        }
      }),
      { numRuns: trials(300) },
    );
  });
});
