import { UseGuards } from '@nestjs/common';
import type { ApiError } from '../../src/index.js';
import { TaskNotFoundError, TasksService, TooLateToAbandonError } from '../../src/index.js';
import { lent, type TestDatabase } from '../support/database/database.js';
import {
  hostDatabase,
  HostGuard,
  type HostSettings,
  itInDatabase,
  type LibraryHost,
  orders,
  startHost,
} from '../support/library/library-host.js';

const NOBODYS = '11111111-2222-4333-8444-555555555555';
const BOB = { projectId: 'shop', userId: 'bob' };

describe('a host of the library', () => {
  let database: TestDatabase;
  let hosts: LibraryHost[];
  beforeEach(async () => {
    hosts = [];
    orders.length = 0;
    database = await hostDatabase();
  });
  afterEach(async () => {
    for (const host of hosts) await host.close();
    await database.drop();
  });

  async function start(
    options: HostSettings['options'] = {},
    platform: HostSettings['platform'] = 'fastify',
  ): Promise<LibraryHost> {
    const host = await startHost({
      platform,
      database: lent(database),
      controller: { path: 'tasks', decorators: [UseGuards(HostGuard)] },
      options,
    });
    hosts.push(host);
    return host;
  }

  const service = (host: LibraryHost) => host.app.get(TasksService, { strict: false });
  const tasksOf = async (host: LibraryHost, tag: string) =>
    (await service(host).list({ projectId: 'shop', tag }, { limit: 9 })).tasks;
  const order = (host: LibraryHost, tag: string, body: object, user = 'shop/alice') =>
    host.client.post('/orders', body, { token: null, tag, headers: { 'X-User': user } });

  describe('abandons a tag', () => {
    it.each(['express', 'fastify'] as const)(
      'and answers its request with 410 and the abandonment when it comes (%s)',
      async (platform) => {
        const host = await start({}, platform);
        const task = await service(host).abandon(BOB, 'given up', { reason: 'too slow' });
        expect(task).toBeInstanceOf(Object);
        expect(task).toMatchObject({
          task: 'abandon',
          state: 'failure',
          tag: 'given up',
          resolved: { by: 'bob', at: task.startTime, reason: 'too slow' },
        });
        const { status, json, headers } = await order(host, 'given up', { item: 'late' });
        expect(status).toBe(410);
        expect(json).toMatchObject({
          statusCode: 410,
          code: 'TAG_ABANDONED',
          message: expect.stringMatching(/^This tag was abandoned.* Choose a new tag/),
          task: { uuid: task.uuid, task: 'abandon', resolved: { by: 'bob', reason: 'too slow' } },
        });
        expect(headers['task-tag']).toBe('given up');
        const found = await host.client.get('/tasks?tag=given%20up', {
          token: null,
          headers: { 'X-User': 'shop/alice' },
        });
        expect(found.json.tasks.map(({ task: name, accepted }: any) => [name, accepted])).toEqual([
          ['order', false],
          ['abandon', false],
        ]);
        expect(orders).toEqual([]);
      },
    );

    it.each(['group', 'refuse'] as const)(
      'and carries out all the same what has it as a label, because of which nothing is refused (tagReuse: %s)',
      async (tagReuse) => {
        const otherTag = () => ({ tag: 'given up', means: 'label' as const });
        const host = await start({ tagReuse, otherTag });
        await service(host).abandon(BOB, 'given up');
        const send = () =>
          host.client.post(
            '/orders',
            { item: 'all the same' },
            { token: null, headers: { 'X-User': 'shop/al' } },
          );
        for (const answer of [await send(), await send()])
          expect([answer.status, answer.headers['task-tag']]).toEqual([201, 'given up']);
        expect(orders).toHaveLength(2);
        const { tasks } = await service(host).list({ projectId: 'shop', tag: 'given up' }, { limit: 9 });
        expect(tasks.map(({ task, state }) => [task, state])).toEqual([
          ['order', 'success'],
          ['order', 'success'],
          ['abandon', 'failure'],
        ]);
        // A request that has the tag itself is refused.
        expect((await order(host, 'given up', { item: 'late' })).status).toBe(410);
      },
    );

    it('and says what it cannot take', async () => {
      const host = await start();
      const abandon = (tag: string, reason?: string) => service(host).abandon(BOB, tag, { reason });
      await expect(async () => abandon('')).rejects.toMatchObject({ code: 'INVALID_TAG' });
      await expect(async () => abandon('größe 😀')).rejects.toMatchObject({ code: 'INVALID_TAG' });
      await expect(async () => abandon('a', 'x'.repeat(256))).rejects.toThrow(TypeError);
    });

    itInDatabase('for as long as a task is kept', async () => {
      let ahead = 0;
      const host = await start({ retentionMs: 1000, now: () => Date.now() + ahead, sweep: false });
      await service(host).abandon(BOB, 'old');
      expect((await order(host, 'old', { item: 'a' })).status).toBe(410);
      ahead = 7_200_000;
      const { Retention } = await import('../../src/tasks/retention/retention.js');
      await host.app.get(Retention, { strict: false }).sweep();
      expect((await order(host, 'old', { item: 'a' })).status).toBe(201);
    });

    itInDatabase(
      'or carries its request out, whoever is first, at hundreds of tags on two processes at once',
      async () => {
        const [one, other] = [await start(), await start({ tagReuse: 'refuse' })];
        const tags = Array.from({ length: 250 }, (_, n) => `race ${n}`);
        const soon = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.random() * ms));
        const told = await eachOf(tags, 5, async (tag, n) => {
          const item = { item: tag };
          const isRejected = n % 10 === 0;
          // A busy machine may let one side win every race, so some are decided beforehand.
          if (n % 10 === 1) await service(other).abandon(BOB, tag);
          const asked = [
            () => order(one, tag, isRejected ? { ...item, fail: 'rejected' } : item),
            () => order(other, tag, isRejected ? { ...item, fail: 'rejected' } : item),
            () => service(one).abandon(BOB, tag),
            () => service(other).abandon(BOB, tag),
          ].map(async (ask, who) => {
            // Now the requests are rather late, now the abandonments.
            await soon(n % 2 === Number(who < 2) ? 30 : 5);
            return ask().catch((error: unknown) => error as ApiError);
          });
          const [request, second, ...abandoned] = await Promise.all(asked);
          const statuses = [request, second].map((answer) => (answer as { status: number }).status);
          const gaveUp = abandoned.map((answer) =>
            answer instanceof TooLateToAbandonError ? answer.status : 200,
          );
          return { tag, isRejected, statuses, gaveUp };
        });
        const done = new Map<string, number>();
        for (const { item } of orders) done.set(item, (done.get(item) ?? 0) + 1);
        for (const { tag, isRejected, statuses, gaveUp } of told) {
          const seen = { tag, statuses, gaveUp, times: done.get(tag) ?? 0 };
          if (gaveUp.includes(200))
            expect(seen).toEqual({ tag, statuses: expect.anything(), gaveUp, times: 0 });
          else if (!isRejected) expect(seen).toMatchObject({ times: 1, gaveUp: [409, 409] });
          if (gaveUp.includes(200)) {
            // It stays so, at each process.
            for (const host of hosts) expect((await order(host, tag, { item: 'more' })).status).toBe(410);
          } else expect(statuses).not.toContain(410);
        }
        // Neither side was always first.
        const wins = told.filter(({ isRejected, gaveUp }) => !isRejected && gaveUp.includes(200)).length;
        expect(wins).toBeGreaterThan(0);
        expect(wins).toBeLessThan(225);
      },
    );
  });

  describe('resolves a task', () => {
    /** A request of which nobody knows whether it was carried out. */
    async function unknown(host: LibraryHost, tag: string): Promise<string> {
      expect((await order(host, tag, { item: tag, fail: 'broken' })).status).toBe(500);
      const [task] = await tasksOf(host, tag);
      expect(task?.state).toBe('unknown');
      return task?.uuid ?? '';
    }

    it.each(['group', 'refuse'] as const)(
      'that was not accepted, so that its request may come again (tagReuse %s)',
      async (tagReuse) => {
        const host = await start({ tagReuse });
        const uuid = await unknown(host, 'not');
        const task = await service(host).resolve(uuid, {
          accepted: false,
          state: 'failure',
          by: 'ops',
          reason: 'not in the books',
        });
        expect(task).toMatchObject({
          uuid,
          state: 'failure',
          resolved: { by: 'ops', reason: 'not in the books' },
        });
        expect((await order(host, 'not', { item: 'not' })).status).toBe(201);
      },
    );

    it.each(['success', 'failure'] as const)('that was accepted, and is a %s', async (state) => {
      const host = await start();
      const uuid = await unknown(host, 'was');
      const task = await service(host).resolve(uuid, { accepted: true, state, by: 'ops' });
      expect(task).toMatchObject({ uuid, state, resolved: { by: 'ops', reason: null } });
      const again = await order(host, 'was', { item: 'was', fail: 'broken' });
      expect(again).toMatchObject({ status: 409, json: { task: { uuid, state, accepted: true } } });
    });

    it('once, and only one that is unknown', async () => {
      const host = await start();
      const uuid = await unknown(host, 'once');
      const say = (by: string) => service(host).resolve(uuid, { accepted: true, state: 'success', by });
      const said = await Promise.allSettled([say('one'), say('two'), say('three')]);
      expect(said.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const [{ resolved } = {}] = await tasksOf(host, 'once');
      await expect(say('four')).rejects.toMatchObject({
        code: 'TASK_NOT_UNKNOWN',
        status: 409,
        task: { state: 'success', resolved },
      });
      const other = service(host).resolve(NOBODYS, { accepted: true, state: 'success', by: 'x' });
      await expect(other).rejects.toThrow(TaskNotFoundError);
    });

    it.each([
      [{ accepted: false, state: 'success', by: 'x' }],
      [{ accepted: 'no', state: 'failure', by: 'x' }],
      [{ accepted: true, state: 'processing', by: 'x' }],
      [{ accepted: true, state: 'success' }],
      [{ accepted: true, state: 'success', by: 'x'.repeat(65) }],
      [{ accepted: true, state: 'success', by: 'x', reason: 'a\0' }],
    ])('by nothing but a resolution: %p', async (said) => {
      const host = await start();
      await expect(service(host).resolve(NOBODYS, said as never)).rejects.toThrow(TypeError);
    });
  });
});

/** Does something with each of a list, some at a time, so that no kind of request waits for all of another kind. */
async function eachOf<Item, Result>(
  items: Item[],
  together: number,
  work: (item: Item, n: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let n = 0; n < items.length; n += together) {
    const some = items.slice(n, n + together);
    results.push(...(await Promise.all(some.map((item, m) => work(item, n + m)))));
  }
  return results;
}
