import { UseGuards } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { tagFromText, Task } from '../../src/index.js';
import { Requesters } from '../../src/tasks/searching/requesters.js';
import type { TaskFilter } from '../../src/tasks/task.filter.js';
import { TaskLookUps } from '../../src/tasks/task-look-ups.js';
import { analyzed } from '../support/database/analyzed.js';
import {
  HostGuard,
  type HostSettings,
  itInDatabase,
  type LibraryHost,
  startHost,
} from '../support/library/library-host.js';

declare const testDatabase: string;

const HOST: HostSettings = {
  platform: 'fastify',
  controller: { path: 'tasks', decorators: [UseGuards(HostGuard)] },
  options: {
    subject: ({ order }: Record<string, string>) => order ?? null,
    requestIds: (request: unknown) => {
      const { headers } = request as { headers: Record<string, string | undefined> };
      return {
        requestId: headers['x-request-id'] ?? null,
        globalRequestId: headers['x-client-request-id'] ?? null,
      };
    },
  },
};

const callOf = (user: string, tag?: string, headers: Record<string, string> = {}) => ({
  token: null,
  headers: { 'X-User': user, ...headers },
  ...(tag !== undefined && { tag }),
});

const order = (host: LibraryHost, user: string, tag?: string, headers = {}, body: object = { item: 'x' }) =>
  host.client.post('/orders', body, callOf(user, tag, headers));

const list = async (host: LibraryHost, user: string, query: string): Promise<any> => {
  const { status, json, text } = await host.client.get(`/tasks${query}`, callOf(user));
  if (status !== 200) throw new Error(`${status}: ${text}`);
  return json;
};

const q = (text: string) => `?q=${encodeURIComponent(text)}`;

describe('a search', () => {
  let host: LibraryHost;
  beforeAll(async () => {
    host = await startHost(HOST);
  });
  afterAll(() => host.close());

  const tags = async (user: string, query: string) =>
    (await list(host, user, query)).tasks.map(({ tag }: any) => tag);

  it('finds tasks by what their tag or an id begins with, newest first', async () => {
    const ids = { 'X-Request-Id': 'req-own-1', 'X-Client-Request-Id': 'Client-77' };
    await order(host, 'a/ann', 'stack-1');
    await order(host, 'a/ann', 'stack-2', ids);
    await order(host, 'a/zoe', 'other');
    expect(await tags('a/ann', q('stack-'))).toEqual(['stack-2', 'stack-1']);
    expect(await tags('a/ann', q('s'))).toEqual(['stack-2', 'stack-1']);
    expect(await tags('a/ann', q('tack-'))).toEqual([]);
    expect(await tags('a/ann', q('Stack-'))).toEqual([]);
    const [task] = (await list(host, 'a/ann', '?tag=stack-2')).tasks;
    for (const text of ['req-own', 'Client-7', task.uuid, `req-${task.uuid}`])
      expect([text, await tags('a/ann', q(text))]).toEqual([text, ['stack-2']]);
    expect(await tags('a/ann', q(task.uuid.slice(0, 8)))).toContain('stack-2');
    expect(await tags('a/ann', q(task.resource.order))).toContain('stack-2');
    if (testDatabase !== 'memory') await host.app.get(Requesters, { strict: false }).flush();
    expect(await tags('a/ann', q('zo'))).toEqual(['other']);
    expect(await tags('a/ann', `${q('stack-')}&state=failure`)).toEqual([]);
    expect(await tags('a/ann', `${q('stack-')}&task=order`)).toHaveLength(2);
  });

  it('takes every character as itself', async () => {
    for (const tag of ['100% sure', '100 sure', 'a_b', 'axb', 'c\\d', "e'f", 'g"h'])
      await order(host, 'lit/ann', tag);
    const found = async (text: string) => tags('lit/ann', q(text));
    expect(await found('100%')).toEqual(['100% sure']);
    expect(await found('a_')).toEqual(['a_b']);
    expect(await found('%')).toEqual([]);
    expect(await found('c\\')).toEqual(['c\\d']);
    expect([await found("e'"), await found('g"')]).toEqual([["e'f"], ['g"h']]);
  });

  it('finds tags of any bytes', async () => {
    const odd = '\xff\xfe\x80odd';
    for (const tag of [odd, tagFromText('größe 7'), 'gr']) await order(host, 'odd/ann', tag);
    const count = async (query: string) => (await list(host, 'odd/ann', query)).tasks.length;
    expect(await count('?q=%FF%FE')).toBe(1);
    expect(await count('?q=%FF')).toBe(1);
    expect(await count(q('größ'))).toBe(1);
    expect(await count('?q=gr%C3')).toBe(1);
    expect(await count(q('\u{10ffff}'))).toBe(0);
  });

  it('shows a tenant nothing of another one', async () => {
    await order(host, 'wall-1/eve', 'walls', { 'X-Request-Id': 'req-wall' });
    await order(host, 'wall-2/eve', 'walls');
    const [own] = (await list(host, 'wall-1/eve', q('walls'))).tasks;
    for (const text of ['walls', 'eve', 'req-wall', own.uuid, own.uuid.slice(0, 4)]) {
      const found = await list(host, 'wall-2/bob', `${q(text)}&counts=true`);
      const projects = found.tasks.map(({ project_id: project }: any) => project);
      expect(new Set(projects)).toEqual(new Set(projects.length > 0 ? ['wall-2'] : []));
      expect(found.counts.success).toBe(projects.length);
    }
    await list(host, 'wall-1/eve', q('walls')).then(({ tasks }) => expect(tasks).toHaveLength(1));
    expect((await host.client.get(`/tasks?marker=${own.uuid}`, callOf('wall-2/bob'))).status).toBe(400);
  });

  it('comes in pages that neither skip nor repeat, while more tasks arrive', async () => {
    for (let n = 0; n < 7; n += 1) await order(host, 'pages/ann', `page-${n}`);
    const seen: string[] = [];
    let next: string | undefined = `/tasks${q('page-')}&limit=3`;
    while (next !== undefined) {
      const { json } = await host.client.get(next, callOf('pages/ann'));
      seen.push(...json.tasks.map(({ tag }: any) => tag));
      await order(host, 'pages/ann', `page-later-${seen.length}`);
      next = json.tasks_links[0]?.href;
    }
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `page-${n}`));
  });

  it('counts by state, whatever states are asked for', async () => {
    await order(host, 'count/ann', 'count-1');
    await order(host, 'count/ann', 'count-2', {}, { item: 'x', fail: 'rejected' });
    await order(host, 'count/ann', 'count-3', {}, { item: 'x', fail: 'rejected' });
    await host.client.post('/orders/slow', {}, callOf('count/ann', 'slow'));
    const none = { pending: 0, processing: 0, unknown: 0, success: 0, failure: 0 };
    const counts = async (query: string) => (await list(host, 'count/ann', query)).counts;
    expect(await list(host, 'count/ann', '?counts=true&limit=1')).toMatchObject({ counts_limit: 1000 });
    expect(await counts('?counts=true')).toEqual({ ...none, success: 1, failure: 2, processing: 1 });
    expect(await counts(`${q('count-')}&counts=true&state=success`)).toEqual({
      ...none,
      success: 1,
      failure: 2,
    });
    expect(await counts('?task=order&counts=true')).toEqual({ ...none, success: 1, failure: 2 });
    expect(await counts('?tag=count-1&counts=true')).toEqual({ ...none, success: 1 });
    expect(await counts('?limit=1')).toBeUndefined();
  });

  it('is limited to a time', async () => {
    await order(host, 'time/ann', 'early');
    const [{ start_time: early }] = (await list(host, 'time/ann', '')).tasks;
    const after = new Date(Date.parse(early) + 1).toISOString();
    while (Date.now() <= Date.parse(after)) await new Promise(setImmediate);
    await order(host, 'time/ann', 'late');
    expect(await tags('time/ann', `?since=${after}`)).toEqual(['late']);
    expect(await tags('time/ann', `?until=${early}`)).toEqual(['early']);
    expect(await tags('time/ann', `?since=${early}&until=${early}&q=ear`)).toEqual(['early']);
    expect((await list(host, 'time/ann', `?since=${after}&counts=true`)).counts.success).toBe(1);
    expect(await tags('time/ann', `?until=2020-01-01T00:00:00Z`)).toEqual([]);
  });

  it.each([
    ['q=', /^q must have 1 to 255 bytes/],
    [`q=${'x'.repeat(256)}`, /^q must have 1 to 255 bytes/],
    ['q=a%00b', /^q must have .* without a NUL/],
    ['q=a&q=b', /^q was given twice/],
    ['since=yesterday', /^since must be a time such as 2026-/],
    ['until=2026-02-30T25:00:00Z', /^until must be a time/],
    ['since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z', /^since is later than until/],
    ['counts=yes', /^counts must be true or false/],
  ])('that cannot be meant is refused: %s', async (query, message) => {
    const { status, json } = await host.client.get(`/tasks?${query}`, callOf('bad/ann'));
    expect([status, json.message]).toEqual([400, expect.stringMatching(message)]);
  });

  itInDatabase(
    'of what thousands of tasks have looks through a limited number of them at a time',
    async () => {
      const repository = host.app.get(DataSource).getRepository(Task);
      const start = Date.now() - 3_600_000;
      const rows = Array.from({ length: 12_500 }, (_, n) => ({
        ...{ uuid: uuidv7({ msecs: start + n }), projectId: 'many', userId: 'ann', tag: `many-${n}` },
        ...{ task: n < 10 ? 'rare' : 'order', state: n < 5 ? ('failure' as const) : ('success' as const) },
        ...{ subject: `s-${n}`, requestId: `req-${n}`, globalRequestId: `own-${n}` },
        ...{ startTime: start + n, lastUpdated: start + n, sameTransaction: false },
      }));
      for (let n = 0; n < rows.length; n += 500) await repository.insert(rows.slice(n, n + 500));
      const wide = await list(host, 'many/ann', '?q=many&limit=2&counts=true');
      expect(wide.tasks.map(({ tag }: any) => tag)).toEqual(['many-12499', 'many-12498']);
      expect(wide.counts).toMatchObject({ success: 1000, failure: 5 });
      expect(await tags('many/ann', '?state=failure&limit=2')).toEqual(['many-4', 'many-3']);
      expect((await list(host, 'many/ann', '?counts=true&limit=0')).counts).toMatchObject({
        success: 1000,
        failure: 5,
      });
      const rare: string[][] = [];
      let next: string | undefined = '/tasks?task=rare&limit=3';
      while (next !== undefined) {
        const { json } = await host.client.get(next, callOf('many/ann'));
        rare.push(json.tasks.map(({ tag }: any) => tag));
        next = json.tasks_links[0]?.href;
      }
      expect(rare[0]).toEqual([]);
      expect(rare.flat()).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((n) => `many-${n}`));
      expect(await tags('many/ann', '?q=many-1&state=failure')).toEqual(['many-1']);
      for (const [query, counts] of [
        ['q=many-1', { success: 1000, failure: 1 }],
        ['q=many-3&state=success', { success: 1000, failure: 1 }],
        ['tag=many-100', { success: 1, failure: 0 }],
        ['subject=s-100', { success: 1, failure: 0 }],
      ] as const)
        expect((await list(host, 'many/ann', `?counts=true&${query}`)).counts).toMatchObject(counts);
    },
  );

  itInDatabase('reads no table from end to end', async () => {
    const dataSource = host.app.get(DataSource);
    if (testDatabase !== 'sqlite') await analyzed(dataSource, 1000);
    const sent: { sql: string; parameters: unknown[] }[] = [];
    const logged = jest.spyOn(dataSource.logger, 'logQuery').mockImplementation((sql, parameters) => {
      // Not what the follower asks meanwhile.
      if (/^SELECT .*\b(found|refused|of_one)\b/.test(sql))
        sent.push({ sql, parameters: (parameters as unknown[]) ?? [] });
    });
    const lookUps = host.app.get(TaskLookUps, { strict: false });
    const filters: Partial<TaskFilter>[] = [
      ...[{ search: 'many-12' }, { search: 's-77' }, { search: 'req-9' }, { search: 'own-77' }],
      // PostgreSQL reads a table as small as this rather than all of its index.
      ...(testDatabase === 'postgres' ? [] : [{ search: 'many' }]),
      ...[{ requestId: 'req-1' }, { tag: 'many-7' }, { states: ['failure' as const] }],
      { since: 5, task: 'rare' },
    ];
    for (const projectId of ['many', null]) {
      for (const filter of filters) {
        await lookUps.page({ projectId, ...filter }, undefined, 5);
        await lookUps.counts({ projectId, ...filter });
      }
    }
    logged.mockRestore();
    expect(sent.length).toBeGreaterThan(30);
    for (const { sql, parameters } of sent) expect([sql, await scansOf(sql, parameters)]).toEqual([sql, []]);

    async function scansOf(sql: string, parameters: unknown[]): Promise<unknown[]> {
      const explain = testDatabase === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN';
      const plan: any[] = await dataSource.query(`${explain} ${sql}`, parameters);
      if (testDatabase === 'sqlite')
        return plan.filter(({ detail }) => /^SCAN (tasks|task_subjects)\b(?! USING)/.test(detail));
      if (testDatabase === 'mariadb')
        return plan.filter(({ type, table }) => type === 'ALL' && !String(table).startsWith('<'));
      // A few tasks by their uuids: of a table as small as this, it reads all.
      if (sql.includes(' JOIN ')) return [];
      return plan.filter((row) => /Seq Scan on tasks/.test(row['QUERY PLAN']));
    }
  });
});
