import { type CallHandler, Controller, Post, UseGuards } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CurrentTask, TagInterceptor, Task, TasksService, Tracked } from '../../src/index.js';
import { TaskRecorder } from '../../src/tasks/recording/task.recorder.js';
import {
  HostGuard,
  type HostSettings,
  type LibraryHost,
  orders,
  singleTenant,
  startHost,
} from '../support/library/library-host.js';
import { type Answer, type Call, Client } from '../support/network/http.js';
import { until } from '../support/until.js';

const controller = { path: 'tasks', decorators: [UseGuards(HostGuard)] };

describe.each<HostSettings>([
  { platform: 'express' },
  { platform: 'express', rawBody: true, isAsync: true },
  { platform: 'fastify' },
  { platform: 'fastify', rawBody: true, dataSource: 'shop' },
])('a host of its own with %o', (settings) => {
  let host: LibraryHost;
  beforeAll(async () => {
    host = await startHost({ ...settings, controller });
  });
  afterAll(() => host.close());
  beforeEach(() => orders.splice(0));

  const as = (user: string, tag?: string): Call => ({
    token: null,
    headers: { 'X-User': user },
    ...(tag !== undefined && { tag }),
  });
  const order = (user: string, tag: string | undefined, body: object, path = '/orders'): Promise<Answer> =>
    host.client.post(path, body, as(user, tag));
  const tasks = async (user: string, query: string) =>
    (await host.client.get(`/tasks${query}`, as(user))).json.tasks as any[];

  it('carries out a request under a tag once, and tells the second one of the first', async () => {
    const first = await order('a/ann', 'once', { item: 'ink', more: [1, 2] });
    expect(first).toMatchObject({ status: 201, headers: { 'task-tag': 'once' }, json: { id: 1 } });
    const second = await order('a/bob', 'once', { more: [1, 2], item: 'ink' });
    expect(second).toMatchObject({
      status: 409,
      headers: { 'task-tag': 'once' },
      json: {
        statusCode: 409,
        code: 'DUPLICATE_REQUEST',
        message: 'That request is already accepted',
        task: { task: 'order', state: 'success', tag: 'once', user_id: 'ann', resource: { order: '1' } },
      },
    });
    expect(orders).toEqual([{ tenant: 'a', item: 'ink', task: second.json.task.uuid }]);
    const [found] = await tasks('a/bob', '?tag=once');
    expect(found).toMatchObject(second.json.task);
    expect((await host.client.get(`/tasks/${found.uuid}`, as('a/bob'))).json.task).toEqual(found);
  });

  it('of many at once carries out one', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => order('a/ann', 'at once', { item: 'pen' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(409)]);
    expect(orders).toHaveLength(1);
  });

  it('keeps tenants apart: the same tag is free for another, who is told of nothing', async () => {
    await order('a/ann', 'walls', { item: 'nib' });
    expect(await tasks('b/ben', '?tag=walls')).toEqual([]);
    expect((await order('b/ben', 'walls', { item: 'nib' })).status).toBe(201);
    const [theirs] = await tasks('a/ann', '?tag=walls');
    const shown = await host.client.get(`/tasks/${theirs.uuid}`, as('b/ben'));
    expect(shown).toMatchObject({ status: 404, json: { code: 'TASK_NOT_FOUND' } });
  });

  it('says what is known: rejected may come again, broken is unknown and may not', async () => {
    const rejected = () => order('a/ann', 'rejected', { item: 'x', fail: 'rejected' });
    expect((await rejected()).json.message).toBe('sold out');
    expect((await rejected()).json.message).toBe('sold out');
    expect(await tasks('a/ann', '?tag=rejected&state=failure')).toHaveLength(2);
    const broken = () => order('a/ann', 'broken', { item: 'x', fail: 'broken' });
    expect((await broken()).status).toBe(500);
    expect((await broken()).json.task.state).toBe('unknown');
    expect(orders).toHaveLength(1);
  });

  it.each(['bank', 'given up'])(
    'does not take what a handler failed with for a refusal of its own: %s',
    async (fail) => {
      const paid = () => order('a/ann', `paid ${fail}`, { item: 'x', fail });
      await paid();
      expect((await paid()).json.task.state).toBe('unknown');
      expect(orders).toHaveLength(1);
    },
  );

  it('is no part of a transaction of the host that happens to be open', async () => {
    const dataSource = host.app.get<DataSource>(getDataSourceToken(settings.dataSource), { strict: false });
    const record = jest.spyOn(host.app.get(TaskRecorder, { strict: false }), 'record');
    let request: Promise<Answer> | undefined;
    await expect(
      dataSource.transaction(async (manager) => {
        await manager.query('SELECT 1');
        request = order('a/ann', 'beside', { item: 'x' });
        await until('it to be recorded, or to wait for that', () => record.mock.calls.length === 1);
        // Its statement has gone out when another request has been answered, were it to be written meanwhile.
        expect((await host.client.get('/nothing', { token: null })).status).toBe(404);
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    record.mockRestore();
    expect((await request)?.status).toBe(201);
    expect((await order('a/ann', 'beside', { item: 'x' })).status).toBe(409);
    expect(await tasks('a/ann', '?tag=beside')).toMatchObject([{ state: 'success' }]);
  });

  it('follows a request that goes on after its answer, until the host says how it ended', async () => {
    const { json } = await order('a/ann', 'slow', {}, '/orders/slow');
    expect(await tasks('a/ann', '?tag=slow')).toMatchObject([{ uuid: json.task, state: 'processing' }]);
    const service = host.app.get(TasksService, { strict: false });
    expect(await service.settle(json.task as string, { state: 'success' })).toBe(true);
    expect(await service.settle(json.task as string, { state: 'success' })).toBe(false);
    expect(await tasks('a/ann', '?tag=slow')).toMatchObject([{ state: 'success' }]);
  });

  it('finds a tag of any bytes, page by page', async () => {
    const tag = Buffer.from('Ünï/%2F? & tag').toString('latin1');
    for (const item of ['1', '2', '3']) expect((await order('a/ann', tag, { item })).status).toBe(201);
    const first = await host.client.get(
      `/tasks?limit=2&tag=${encodeURIComponent('Ünï/%2F? & tag')}`,
      as('a/ann'),
    );
    expect(first.json.tasks).toHaveLength(2);
    const next = await host.client.get(first.json.tasks_links[0].href as string, as('a/ann'));
    expect(next.json.tasks).toMatchObject([{ tag: 'Ünï/%2F? & tag' }]);
    expect(next.json.tasks_links).toEqual([]);
  });

  it('refuses bad input in words, and leaves the rest to the host', async () => {
    expect((await order('a/ann', '', { item: 'x' })).json).toMatchObject({
      statusCode: 400,
      code: 'INVALID_TAG',
    });
    for (const query of ['?limit=x', '?state=odd', '?marker=1', '?tag=a&tag=b', '?who=me', '?tag=']) {
      const answer = await host.client.get(`/tasks${query}`, as('a/ann'));
      expect({ query, status: answer.status }).toEqual({ query, status: 400 });
      expect(typeof answer.json.message).toBe('string');
    }
    expect((await host.client.get('/tasks', { token: null })).status).toBe(401);
    expect((await host.client.post('/orders', {}, { token: null, tag: 'nobody' })).status).toBe(401);
    expect(orders).toEqual([]);
  });
});

describe('the options of the module', () => {
  const start = (options: HostSettings['options']) => startHost({ platform: 'express', options, controller });
  const user = { token: null, headers: { 'X-User': 'a/ann' } };

  it('another header, which requests need', async () => {
    const host = await start({ tagHeader: 'Idempotency-Key', tagRequired: true });
    try {
      const without = await host.client.post('/orders', { item: 'x' }, user);
      expect(without.json).toMatchObject({ statusCode: 400, code: 'MISSING_TAG' });
      expect(without.json.message).toMatch(/^Idempotency-Key is missing/);
      const call = { ...user, headers: { ...user.headers, 'Idempotency-Key': 'k' } };
      const first = await host.client.post('/orders', { item: 'x' }, call);
      expect(first).toMatchObject({ status: 201, headers: { 'idempotency-key': 'k' } });
      expect((await host.client.post('/orders', { item: 'x' }, call)).status).toBe(409);
    } finally {
      await host.close();
    }
  });

  it('a single tenant is said in words; a requester without a project is nobody', async () => {
    const one = await start({ requester: singleTenant });
    try {
      expect((await one.client.post('/orders', { item: 'x' }, { ...user, tag: 't' })).status).toBe(201);
      const other = { ...user, headers: { 'X-User': 'b/ben' }, tag: 't' };
      expect((await one.client.post('/orders', { item: 'x' }, other)).status).toBe(409);
    } finally {
      await one.close();
    }
    orders.splice(0);
    const none = await start({
      requester: () => ({ projectId: null as unknown as string, userId: '' }),
    });
    try {
      expect((await none.client.post('/orders', { item: 'x' }, { ...user, tag: 't' })).status).toBe(500);
      expect((await none.client.get('/tasks', user)).status).toBe(500);
      expect(orders).toEqual([]);
    } finally {
      await none.close();
    }
  });
});

it('a controller is tested alone, without the module and a database, when its interceptor is overridden', async () => {
  @Controller('alone')
  class AloneController {
    @Post()
    @Tracked({ task: () => 'work' })
    work(@CurrentTask() task?: Task) {
      return { task: task?.uuid ?? null };
    }
  }
  const module = await Test.createTestingModule({ controllers: [AloneController] })
    .overrideInterceptor(TagInterceptor)
    .useValue({ intercept: (_: unknown, next: CallHandler) => next.handle() })
    .compile();
  expect(module.get(AloneController).work({ uuid: 'a uuid' } as Task)).toEqual({ task: 'a uuid' });
  const app = module.createNestApplication(new ExpressAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  const client = new Client(await app.getUrl());
  try {
    expect(await client.post('/alone', {}, { tag: 't' })).toMatchObject({
      status: 201,
      json: { task: null },
    });
  } finally {
    client.close();
    await app.close();
  }
});
