import type { INestApplication, ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { TasksService } from '../../src/index.js';
import { RecordedTasks, TasksTestingModule } from '../../src/testing/index.js';
import { Client } from '../support/network/http.js';
import { FilmsController, OrdersController, Shop } from './orders.js';

const apps: INestApplication[] = [];
const clients: Client[] = [];

const make = (metadata: ModuleMetadata) => Test.createTestingModule(metadata).compile();

async function listen(module: TestingModule): Promise<Client> {
  const app = module.createNestApplication({ logger: false });
  apps.push(app);
  await app.listen(0, '127.0.0.1');
  const client = new Client(await app.getUrl());
  clients.push(client);
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const app of apps.splice(0)) await app.close();
});

describe('a test of a tracked controller', () => {
  const controllers = [OrdersController, FilmsController];
  const orders = { imports: [TasksTestingModule.forRoot()], controllers, providers: [Shop] };
  const ink = { item: 'ink' };
  const under = (tag: string) => ({ token: null, tag });

  it('that was there before runs as it did, without any module of tasks', async () => {
    const module = await make({ controllers: [OrdersController], providers: [Shop] });
    expect(module.get(OrdersController).create(ink)).toEqual({ id: 'ink-1' });
  });

  it('that sends requests without one does not start, and is told which to import', async () => {
    const module = await make({ controllers: [OrdersController], providers: [Shop] });
    await expect(module.createNestApplication().init()).rejects.toThrow(
      /@Tracked\(\).*TasksModule\.forRoot\(…\).*TasksTestingModule\.forRoot\(\) of tasktag\/testing/,
    );
  });

  it('sees a duplicate refused, and what was recorded, without a database', async () => {
    const module = await make(orders);
    const client = await listen(module);
    expect(await client.post('/orders', ink, under('t1'))).toMatchObject({
      status: 201,
      json: { id: 'ink-1' },
    });
    expect(await client.post('/orders', ink, under('t1'))).toMatchObject({
      status: 409,
      json: { code: 'DUPLICATE_REQUEST', task: { state: 'success', resource: { order: 'ink-1' } } },
    });
    expect(module.get(Shop).ordered).toEqual(['ink']);
    const recorded = module.get(RecordedTasks);
    expect(recorded.all()).toMatchObject([
      { task: 'order', tag: 't1', state: 'success', projectId: 'single-tenant' },
    ]);
    expect(recorded.under('t1')).toHaveLength(1);
    expect(recorded.under('another')).toEqual([]);
  });

  it('sees one of many requests at once carried out', async () => {
    const module = await make(orders);
    const client = await listen(module);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => client.post('/orders', ink, under('crowd'))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
    expect(module.get(Shop).ordered).toHaveLength(1);
  });

  it('sees the first answer sent again', async () => {
    const client = await listen(await make(orders));
    const first = await client.post('/orders/replayed', ink, under('again'));
    const second = await client.post('/orders/replayed', ink, under('again'));
    expect(second).toMatchObject({ status: 201, json: first.json, headers: { 'task-replayed': 'true' } });
  });

  it('sees the current task, and how it was ended', async () => {
    const module = await make(orders);
    const client = await listen(module);
    const { json } = await client.post('/films', {}, under('good'));
    await client.post('/films', {}, under('broken'));
    const tasks = module.get(TasksService);
    expect(module.get(RecordedTasks).all()).toMatchObject([
      { uuid: json.task, tag: 'good', state: 'processing' },
      { tag: 'broken', state: 'failure', faultMessage: 'The film tore.' },
    ]);
    expect(await tasks.succeed(json.task, { resource: { film: '7' } })).toBe(true);
    expect(await tasks.succeed(json.task)).toBe(false);
    const page = await tasks.list({ projectId: 'single-tenant', tag: 'good' }, { limit: 10 });
    expect(page).toMatchObject({ hasMore: false, tasks: [{ state: 'success', resource: { film: '7' } }] });
    expect(await tasks.findOne(json.task, { projectId: 'another' })).toBeNull();
  });

  it('that calls a handler itself gives it a task', async () => {
    const module = await make(orders);
    const task = module.get(RecordedTasks).add({ tag: 'broken' });
    expect(await module.get(FilmsController).create(task)).toEqual({ task: task.uuid });
    expect(module.get(RecordedTasks).all()).toMatchObject([{ uuid: task.uuid, state: 'failure' }]);
    // Nobody shares an object with the test.
    expect(task.state).toBe('pending');
    Object.assign(task, { state: 'unknown' });
    Object.assign(module.get(RecordedTasks).all()[0] as object, { state: 'unknown' });
    expect(module.get(RecordedTasks).all()).toMatchObject([{ state: 'failure' }]);
  });

  it('begins anew with each module, and after clear()', async () => {
    const module = await make(orders);
    const client = await listen(module);
    expect((await client.post('/orders', ink, under('t1'))).status).toBe(201);
    module.get(RecordedTasks).clear();
    expect((await client.post('/orders', ink, under('t1'))).status).toBe(201);
    const another = await listen(await make(orders));
    expect((await another.post('/orders', ink, under('t1'))).status).toBe(201);
  });

  it('has the options of the module, and its ready-made controller', async () => {
    const requester = () => ({ projectId: 'acme', userId: 'ann' });
    const tasks = TasksTestingModule.forRoot({ requester, tagRequired: true, controller: { path: 'tasks' } });
    const client = await listen(await make({ ...orders, imports: [tasks] }));
    expect((await client.post('/orders', ink, { token: null })).json.code).toBe('MISSING_TAG');
    await client.post('/orders', ink, under('t1'));
    const { json } = await client.get('/tasks?tag=t1&wait=5', { token: null });
    expect(json.tasks).toMatchObject([{ tag: 't1', user_id: 'ann', state: 'success' }]);
    expect(() => TasksTestingModule.forRoot({ tagHeader: 'not a header' })).toThrow(/tagHeader/);
  });
});
