import { Controller, Post } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import {
  type Outcome,
  singleTenant,
  Task,
  TASKS_ENTITIES,
  TASKS_MIGRATIONS,
  Tracked,
} from '../../src/index.js';
import { createDatabase, lent, type TestDatabase } from '../support/database/database.js';
import { type LibraryHost, startHost } from '../support/library/library-host.js';
import type { Call } from '../support/network/http.js';
import { until } from '../support/until.js';

declare const testDatabase: TestDatabase['kind'];

@Controller('things')
class ThingsController {
  private things = 0;

  @Post()
  @Tracked({ task: () => 'make', duplicates: 'replay' })
  make() {
    return { thing: (this.things += 1) };
  }

  @Post('broken')
  @Tracked({ task: () => 'break' })
  break() {
    throw new Error('on the way');
  }
}

describe('a data source with a replica that is late', () => {
  if (testDatabase === 'sqlite') {
    it.todo('is nothing that SQLite has');
    return;
  }
  const type = testDatabase;
  let master: TestDatabase;
  let replica: TestDatabase;
  let host: LibraryHost;
  beforeAll(async () => {
    master = await createDatabase();
    // As late as can be: it has the tables, and none of the rows.
    replica = await createDatabase();
    const migrations = [...TASKS_MIGRATIONS];
    const made = new DataSource({ type, url: replica.url, entities: [...TASKS_ENTITIES], migrations });
    await made.initialize();
    await made.runMigrations();
    await made.destroy();
    const replication = { master: { url: master.url }, slaves: [{ url: replica.url }] };
    host = await startHost({
      platform: 'express',
      database: lent(master),
      typeorm: { url: undefined, replication },
      controllers: [ThingsController],
      controller: { path: 'tasks' },
      options: {
        requester: singleTenant,
        tagReuse: 'refuse',
        retentionMs: 1,
        settle: (): Outcome => ({ state: 'success' }),
      },
    });
  });
  afterAll(async () => {
    await host.close();
    await master.drop();
    await replica.drop();
  });

  const call = (tag: string): Call => ({ token: null, tag });
  const make = (tag: string, body: unknown) => host.client.post('/things', body, call(tag));
  const stateOf = async (tag: string) =>
    (await host.client.get(`/tasks?tag=${tag}`, call(tag))).json.tasks[0].state;

  it('has the first answer sent again', async () => {
    const first = await make('again', { a: 1 });
    const second = await make('again', { a: 1 });
    expect(second).toMatchObject({ status: 201, json: first.json, headers: { 'task-replayed': 'true' } });
  });

  it('has another request under the same tag refused', async () => {
    expect((await make('other', { a: 1 })).status).toBe(201);
    expect(await make('other', { a: 2 })).toMatchObject({ status: 409, json: { code: 'TAG_IN_USE' } });
  });

  it('is not asked without end about a tag whose first task is nowhere', async () => {
    const source = host.app.get<DataSource>(getDataSourceToken(), { strict: false });
    expect((await make('gone', { a: 1 })).status).toBe(201);
    await source.getRepository(Task).delete({ tag: 'gone' });
    expect(await make('gone', { a: 2 })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      json: { code: 'RECORDER_BUSY' },
    });
  });

  it('has what became of a task found out', async () => {
    expect((await host.client.post('/things/broken', {}, call('broken'))).status).toBe(500);
    await until('the answer', async () => (await stateOf('broken')) === 'success');
  });
});
