import { Controller, Post, Query, UseGuards } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CurrentTask, type Task, TasksService, Tracked } from '../../src/index.js';
import {
  HostGuard,
  type HostSettings,
  type LibraryHost,
  startHost,
  itInDatabase,
} from '../support/library/library-host.js';
import { gate } from '../support/library/peers-host.js';
import { until } from '../support/until.js';

let { wait, open } = gate();

@Controller(['v1/parcels', 'v2/parcels'])
@UseGuards(HostGuard)
class ParcelsController {
  @Post()
  @Tracked({ task: () => 'parcel' })
  create(@CurrentTask() task: Task) {
    return { task: task.uuid };
  }

  @Post('moved')
  @Tracked<unknown, { query: { id: string } }>({
    task: () => 'move',
    resource: ({ query }) => ({ parcel: query.id }),
  })
  async move(@Query('id') id: string) {
    await wait;
    return { id };
  }
}

interface Headed {
  headers: Record<string, string | undefined>;
}

const CONTROLLER = { path: 'tasks', decorators: [UseGuards(HostGuard)] };

describe('what a host may say of its requests', () => {
  let host: LibraryHost;
  const start = async (options: HostSettings['options']) => {
    host = await startHost({
      platform: 'express',
      options,
      controllers: [ParcelsController],
      controller: CONTROLLER,
    });
  };
  beforeEach(() => {
    ({ wait, open } = gate());
  });
  afterEach(() => host.close());

  const user = { 'X-User': 'a/ann' };
  const post = (path: string, tag: string, body: object = {}, headers = {}) =>
    host.client.post(path, body, { token: null, headers: { ...user, ...headers }, tag });
  const get = (path: string) => host.client.get(path, { token: null, headers: user });

  it('`requestUrl`: what is no part of the request does not make it another one', async () => {
    await start({ requestUrl: (url) => url.replace(/^\/v\d/, '') });
    expect((await post('/v1/parcels', 'url')).status).toBe(201);
    expect((await post('/v2/parcels', 'url')).status).toBe(409);
    expect((await post('/v2/parcels?fast=1', 'url')).status).toBe(201);
  });

  it('`parameters`: what counts in the place of the body, for all handlers', async () => {
    await start({
      parameters: (request) => (request as unknown as Headed).headers['content-digest'] ?? null,
    });
    expect((await post('/v1/parcels', 'digest', { n: 1 }, { 'Content-Digest': 'a' })).status).toBe(201);
    expect((await post('/v1/parcels', 'digest', { n: 2 }, { 'Content-Digest': 'a' })).status).toBe(409);
    expect((await post('/v1/parcels', 'digest', { n: 1 }, { 'Content-Digest': 'b' })).status).toBe(201);
  });

  it('`resource`: what it is about is on record while it is under way', async () => {
    await start({});
    const moved = post('/v1/parcels/moved?id=7', 'moved');
    const [task] = await until('the task', async () => {
      const { tasks } = (await get('/tasks?tag=moved')).json;
      return tasks.length > 0 && tasks;
    });
    expect(task).toMatchObject({ state: 'pending', resource: { parcel: '7' } });
    open();
    expect((await moved).status).toBe(201);
  });

  itInDatabase(
    '`tagReuse: refuse`: a tag is free again when its request was rejected in a transaction',
    async () => {
      await start({ tagReuse: 'refuse' });
      const moved = post('/v1/parcels/moved?id=7', 'freed');
      const service = host.app.get(TasksService, { strict: false });
      const task = await until('the task', async () => {
        const { tasks } = await service.list({ projectId: 'a', tag: 'freed' }, { limit: 1 });
        return tasks[0];
      });
      expect((await post('/v1/parcels', 'freed')).json.code).toBe('TAG_IN_USE');
      await host.app
        .get<DataSource>(getDataSourceToken(), { strict: false })
        .transaction((manager) => service.reject(task.uuid, { code: 503, message: 'given up' }, { manager }));
      expect((await post('/v1/parcels', 'freed')).status).toBe(201);
      open();
      await moved;
    },
  );

  it('lists: by state, and after no task that is not there', async () => {
    await start({});
    const { json } = await post('/v1/parcels', 'listed');
    expect((await get('/tasks?tag=listed&state=success')).json.tasks).toHaveLength(1);
    expect((await get('/tasks?tag=listed&state=failure&state=pending')).json.tasks).toEqual([]);
    const ofAnother = await host.client.get(`/tasks?marker=${json.task}`, {
      token: null,
      headers: { 'X-User': 'b/ben' },
    });
    expect(ofAnother).toMatchObject({ status: 400, json: { code: 'UNKNOWN_MARKER' } });
  });
});
