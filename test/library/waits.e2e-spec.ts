import type { DataSource } from 'typeorm';
import type { Outcome } from '../../src/index.js';
import { TaskRecorder } from '../../src/tasks/recording/task.recorder.js';
import { TASKS_DATA_SOURCE } from '../../src/tasks/tables/tasks-data-source.js';
import { TaskWaits } from '../../src/tasks/waiting/task-waits.js';
import { lent } from '../support/database/database.js';
import { keptDatabase } from '../support/database/kept-databases.js';
import { type LibraryHost, startHost } from '../support/library/library-host.js';
import { until } from '../support/until.js';

const SUCCESS = { state: 'success' } as const;
const PROCESSING: Outcome = { state: 'processing', resource: { order: '7' }, subjects: ['7', '8'] };

describe('a wait', () => {
  /** Two processes on one database. */
  let hosts: LibraryHost[];
  let recorders: [TaskRecorder, TaskRecorder];
  let waits: TaskWaits;
  let tag: string;
  let count = 0;
  beforeAll(async () => {
    const database = await keptDatabase('library');
    const options = { subject: ({ order }: Readonly<Record<string, string>>) => order ?? null };
    hosts = [
      await startHost({ platform: 'fastify', database, options }),
      await startHost({ platform: 'fastify', database: lent(database), options }),
    ];
    recorders = hosts.map(({ app }) => app.get(TaskRecorder)) as [TaskRecorder, TaskRecorder];
    waits = hosts[0]!.app.get(TaskWaits);
  });
  afterAll(async () => {
    for (const host of hosts.reverse()) await host.close();
  });
  beforeEach(() => (tag = `tag ${(count += 1)}`));

  const record = (recorder: TaskRecorder, task = 'order', projectId = 'shop', itsTag = tag) =>
    recorder.record({
      projectId,
      userId: 'ada',
      tag: itsTag,
      description: { method: 'POST', url: `/${task}`, mediaType: 'text/plain', body: Buffer.from('x') },
      task,
      resource: null,
      requestId: null,
      globalRequestId: null,
    });
  const allOf = (of: object = { tag }, ms = 20_000) =>
    waits.untilAllEnded({ projectId: 'shop', ...of } as never, { ms });
  const counted = (wanted: number) => until(`${wanted} waiters`, () => waits.count === wanted);
  /** Waits until everything awaited here has been looked at: only that shows news of another process. */
  const aRound = async () => {
    const before = waits.count;
    const other = `another ${(count += 1)}`;
    const wait = allOf({ tag: other });
    await counted(before + 1);
    const { uuid } = await record(recorders[1], 'order', 'shop', other);
    await recorders[1].recordOutcome(uuid, SUCCESS);
    expect(await wait).toBe(true);
  };
  /** Whether a wait is over. */
  const isOver = (wait: Promise<unknown>) =>
    Promise.race([wait.then(() => true), new Promise((resolve) => setImmediate(resolve, false))]);

  describe.each([
    ['in the same process', 0],
    ['in another process', 1],
  ] as const)('is over at once when there is news %s:', (_, who) => {
    it('the last task of a tag has ended, which had not arrived yet', async () => {
      const wait = allOf();
      await counted(1);
      const [first, second] = [await record(recorders[who]), await record(recorders[who], 'ship')];
      await recorders[who].recordOutcome(first.uuid, SUCCESS);
      await aRound();
      expect(await isOver(wait)).toBe(false);
      await recorders[who].recordOutcome(second.uuid, SUCCESS);
      expect(await wait).toBe(true);
      expect(waits.count).toBe(0);
    });

    it.each(['7', '8'])('the tasks of subject %s have ended', async (subject) => {
      const projectId = `shop of ${tag}`;
      const wait = allOf({ projectId, subject });
      await counted(1);
      const { uuid } = await record(recorders[who], 'order', projectId);
      await recorders[who].recordOutcome(uuid, PROCESSING);
      expect(await isOver(wait)).toBe(false);
      await recorders[who].recordOutcome(uuid, SUCCESS);
      expect(await wait).toBe(true);
    });

    it('one task has ended, or is decided', async () => {
      const { uuid } = await record(recorders[who]);
      const ended = waits.untilEnded(uuid, { ms: 20_000 });
      const decided = waits.untilDecided(uuid, { ms: 20_000 });
      await counted(2);
      await recorders[who].recordOutcome(uuid, { state: 'unknown' });
      await recorders[who].recordOutcome(uuid, { state: 'processing' });
      expect(await decided).toBe(true);
      expect(await isOver(ended)).toBe(false);
      await recorders[who].recordOutcome(uuid, SUCCESS);
      expect(await ended).toBe(true);
    });
  });

  it('hears of news in the same process without a round: of ten in a row in less than ten rounds', async () => {
    const began = performance.now();
    for (let n = 0; n < 10; n += 1) {
      const { uuid } = await record(recorders[0], 'order', 'shop', `${tag}, ${n}`);
      const wait = allOf({ tag: `${tag}, ${n}` });
      await until('the first look', () => waits['watches'].awaiting(uuid).length > 0);
      await recorders[0].recordOutcome(uuid, SUCCESS);
      expect(await wait).toBe(true);
    }
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('costs no statement more for a thousand than for one', async () => {
    const { logger } = hosts[0]!.app.get<DataSource>(TASKS_DATA_SOURCE);
    const leaving = Array.from({ length: 1000 }, () => new AbortController());
    const many = leaving.map(({ signal }, n) =>
      waits.untilAllEnded({ projectId: 'shop', tag: `${tag} ${n}` }, { ms: 60_000, signal }),
    );
    await aRound();
    const looks = jest.spyOn(logger, 'logQuery');
    try {
      const began = performance.now();
      for (let n = 0; n < 3; n += 1) await aRound();
      const sent = looks.mock.calls.filter(([sql]) => sql.includes('AS open_one'));
      // Each round here begins with a look at its own new watch, and one at its news may follow.
      const seconds = (performance.now() - began) / 1000;
      expect(sent.length).toBeGreaterThanOrEqual(3);
      expect(sent.length).toBeLessThanOrEqual(Math.ceil(seconds) + 2 * 3);
    } finally {
      for (const one of leaving) one.abort();
      looks.mockRestore();
    }
    expect(await Promise.all(many)).not.toContain(true);
  });

  it('is over at once for what has ended before, by the first of several groups that has tasks', async () => {
    const { uuid } = await record(recorders[0]);
    await recorders[0].recordOutcome(uuid, SUCCESS);
    const groups = [
      { projectId: 'shop', subject: 'none' },
      { projectId: 'shop', tag },
    ];
    expect(await waits.untilAllEnded(groups, { ms: 20_000 })).toBe(true);
    expect(await waits.untilEnded(uuid, { ms: 20_000 })).toBe(true);
  });

  it("does not see another project's tasks, nor those of another name", async () => {
    const wait = allOf({ tag, task: 'ship' });
    for (const [task, project] of [
      ['order', 'shop'],
      ['ship', 'other'],
    ]) {
      const { uuid } = await record(recorders[0], task, project);
      await recorders[0].recordOutcome(uuid, SUCCESS);
    }
    await aRound();
    expect(await isOver(wait)).toBe(false);
    const { uuid } = await record(recorders[0], 'ship');
    await recorders[0].recordOutcome(uuid, SUCCESS);
    expect(await wait).toBe(true);
  });

  it('ends in vain when its time is up or its signal aborts, and is forgotten', async () => {
    const { uuid } = await record(recorders[0]);
    expect(await allOf({ tag }, 50)).toBe(false);
    expect(await allOf({ tag }, 0)).toBe(false);
    const gone = new AbortController();
    const wait = waits.untilDecided(uuid, { ms: 20_000, signal: gone.signal });
    expect(waits.count).toBe(1);
    gone.abort();
    expect(await wait).toBe(false);
    expect(waits.count).toBe(0);
    expect(await waits.untilDecided(uuid, { ms: 20_000, signal: gone.signal })).toBe(false);
  });
});
