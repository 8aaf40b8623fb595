import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setImmediate as turn } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import {
  CurrentTask,
  type Task,
  TASK_EVENTS,
  type TaskEvents,
  TasksEvents,
  TasksService,
  Tracked,
} from '../../src/index.js';
import { Retention } from '../../src/tasks/retention/retention.js';
import { HostGuard, type LibraryHost, startHost } from '../support/library/library-host.js';
import { until } from '../support/until.js';

let source: DataSource;
let service: TasksService;
/** What the host had heard when the work was done, and its transaction still open. */
let heardInside: string[] = [];

@Controller('transfers')
@UseGuards(HostGuard)
class TransfersController {
  @Post()
  @Tracked({ task: () => 'transfer', sameTransaction: true })
  async transfer(@Body() { fails }: { fails?: boolean }, @CurrentTask() { uuid }: Task) {
    await source.transaction(async (manager) => {
      await service.succeed(uuid, { manager });
      heardInside = heard.map(([name]) => name);
      if (fails === true) throw new Error('undone');
    });
    return { uuid };
  }
}

type Heard = { [Name in keyof TaskEvents]: [Name, TaskEvents[Name]] }[keyof TaskEvents];
const heard: Heard[] = [];

describe('the events of tasks', () => {
  let host: LibraryHost;
  let events: TasksEvents;
  let ahead = 0;
  let offs: (() => void)[] = [];
  beforeAll(async () => {
    const options = { retentionMs: 1000, now: () => Date.now() + ahead, sweep: false };
    host = await startHost({ platform: 'express', controllers: [TransfersController], options });
    events = host.app.get(TasksEvents);
    service = host.app.get(TasksService);
    source = host.app.get(getDataSourceToken());
  });
  afterAll(() => host.close());
  beforeEach(() => {
    heard.splice(0);
    offs = TASK_EVENTS.map((name) => events.on(name, (event) => heard.push([name, event] as Heard)));
  });
  afterEach(() => offs.forEach((off) => off()));

  const send = (tag: string, body: object = { item: 'ink' }, path = '/orders') =>
    host.client.post(path, body, { tag, token: null, headers: { 'X-User': 'shop/ann' } });
  const names = () => heard.map(([name]) => name);

  it('tell of a request: recorded, and settled', async () => {
    expect((await send('events')).status).toBe(201);
    expect(names()).toEqual(['recorded', 'settled']);
    const [[, recorded], [, settled]] = heard as [[string, Task], [string, { uuid: string }]];
    expect(recorded).toMatchObject({ tag: 'events', task: 'order', projectId: 'shop', state: 'pending' });
    expect(settled).toEqual({ uuid: recorded.uuid, state: 'success' });
  });

  it('tell of a refusal, with the first task', async () => {
    await send('refused');
    heard.splice(0);
    expect((await send('refused')).status).toBe(409);
    expect(heard).toEqual([
      ['refused', { code: 'DUPLICATE_REQUEST', first: expect.objectContaining({ tag: 'refused' }) }],
    ]);
  });

  it('tell when it is not known what became of a task, and when nothing was done', async () => {
    await send('broken', { item: 'ink', fail: 'broken' });
    expect(names()).toEqual(['recorded', 'settled', 'unknown']);
    heard.splice(0);
    await send('rejected', { item: 'ink', fail: 'rejected' });
    expect(heard.map(([name, event]) => [name, (event as { state: string }).state])).toEqual([
      ['recorded', 'pending'],
      ['settled', 'rejected'],
    ]);
  });

  it('tell of an end in a transaction of the host when that is committed, and not before', async () => {
    expect((await send('same', {}, '/transfers')).status).toBe(201);
    expect(heardInside).toEqual(['recorded']);
    expect(names()).toEqual(['recorded', 'settled']);
    expect(heard[1]?.[1]).toMatchObject({ state: 'success' });
  });

  it('tell of no end that was rolled back, but of what became of the task then', async () => {
    expect((await send('undone', { fails: true }, '/transfers')).status).toBe(500);
    expect(heard.map(([name, event]) => [name, (event as { state: string }).state])).toEqual([
      ['recorded', 'pending'],
      ['settled', 'rejected'],
    ]);
  });

  it('tell which tasks were removed because of their age', async () => {
    await send('old');
    const [, { uuid }] = heard[0] as [string, Task];
    ahead = 7_200_000;
    await host.app.get(Retention, { strict: false }).sweep();
    ahead = 0;
    expect(heard.at(-1)).toEqual(['swept', { uuids: expect.arrayContaining([uuid]) }]);
  });

  it('change nothing when a listener fails, at once or later', async () => {
    let called = 0;
    offs.push(
      events.on('recorded', () => {
        called += 1;
        throw new Error('of the listener');
      }),
      events.on('settled', async () => {
        await turn();
        called += 1;
        throw new Error('of the listener, later');
      }),
    );
    expect((await send('listeners')).status).toBe(201);
    await until('both to be called', () => called === 2);
    expect(names()).toEqual(['recorded', 'settled']);
    // An event that is not there is a mistake that the start shows.
    expect(() => events.on('ended' as never, () => undefined)).toThrow(
      /There are no events ended: choose one of/,
    );
  });

  it('go to channels of Node, too', async () => {
    const published: unknown[] = [];
    const listen = (message: unknown, name: string | symbol) => published.push([name, message]);
    for (const name of TASK_EVENTS) subscribe(`tasktag:${name}`, listen);
    try {
      await send('channels');
      await send('channels');
    } finally {
      for (const name of TASK_EVENTS) unsubscribe(`tasktag:${name}`, listen);
    }
    expect(published).toEqual(heard.map(([name, event]) => [`tasktag:${name}`, event]));
    expect(names()).toEqual(['recorded', 'settled', 'refused']);
  });
});
