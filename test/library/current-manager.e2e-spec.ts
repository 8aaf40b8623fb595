import { Controller, InternalServerErrorException, Post, Query } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource, EntityManager } from 'typeorm';
import { CurrentTask, type Task, TasksService, Tracked } from '../../src/index.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import {
  hostDataSource,
  type LibraryHost,
  singleTenant,
  startHost,
} from '../support/library/library-host.js';

declare const testDatabase: TestDatabase['kind'];

const managers = new AsyncLocalStorage<EntityManager | undefined>();

/** What a handler does with its task. */
let work: (uuid: string) => Promise<unknown>;
let lastError: unknown;

@Controller('works')
class WorksController {
  @Post('same')
  @Tracked({ task: () => 'work', sameTransaction: true })
  same(@CurrentTask() { uuid }: Task, @Query() _query: object) {
    return this.work(uuid);
  }

  @Post('loose')
  @Tracked({ task: () => 'work' })
  loose(@CurrentTask() { uuid }: Task) {
    return this.work(uuid);
  }

  private async work(uuid: string) {
    await work(uuid).catch((error: unknown) => {
      lastError = error;
      throw error;
    });
    return { uuid };
  }
}

describe('the option currentManager', () => {
  let host: LibraryHost;
  let audit: TestDatabase;
  let tasks: TasksService;
  let source: DataSource;
  let auditSource: DataSource;
  beforeAll(async () => {
    audit = await createDatabase();
    host = await startHost({
      platform: 'express',
      imports: [
        TypeOrmModule.forRoot({
          ...hostDataSource(audit),
          name: 'audit',
          autoLoadEntities: false,
          migrationsRun: false,
        }),
      ],
      controllers: [WorksController],
      options: { requester: singleTenant, currentManager: () => managers.getStore() },
    });
    tasks = host.app.get(TasksService, { strict: false });
    source = host.app.get<DataSource>(getDataSourceToken(), { strict: false });
    auditSource = host.app.get<DataSource>(getDataSourceToken('audit'), { strict: false });
    for (const each of [source, auditSource]) await each.query('CREATE TABLE works (task VARCHAR(36))');
  });
  afterAll(async () => {
    await host.close();
    await audit.drop();
  });
  beforeEach(async () => {
    lastError = undefined;
    for (const each of [source, auditSource]) await each.query('DELETE FROM works');
  });

  const post = (tag: string, path = 'same') => host.client.post(`/works/${path}`, {}, { token: null, tag });
  const found = async (tag: string) =>
    (await tasks.list({ projectId: 'single-tenant', tag }, { limit: 10 })).tasks;
  const rows = (of = source) => of.query<unknown[]>('SELECT task FROM works');
  const insert = (manager: EntityManager, uuid: string) =>
    manager.query(`INSERT INTO works VALUES ('${uuid}')`);
  const inTransactionOf =
    (of: DataSource, then: (uuid: string, manager: EntityManager) => Promise<unknown>) => (uuid: string) =>
      of.transaction((manager) =>
        managers.run(manager, async () => {
          await insert(manager, uuid);
          await then(uuid, manager);
        }),
      );

  it('gives the transaction in which a handler ends its task', async () => {
    work = inTransactionOf(source, (uuid) => tasks.succeed(uuid));
    expect((await post('ends')).status).toBe(201);
    expect(await found('ends')).toMatchObject([{ state: 'success' }]);
    expect(await rows()).toHaveLength(1);
  });

  it.each([
    ['none', () => undefined],
    ['a manager without one', () => source.manager],
  ])(
    'that returns %s where a task is ended: the handler is told so, and nothing is on record',
    async (what, manager) => {
      work = (uuid) => managers.run(manager(), () => tasks.succeed(uuid));
      expect((await post(what)).status).toBe(500);
      const [task] = await found(what);
      expect(task).toMatchObject({ state: 'failure', duplicateKey: null });
      expect(String(lastError)).toContain(`handler of task ${task?.uuid}`);
      expect(String(lastError)).toContain(`currentManager has returned ${what}.`);
    },
  );

  it('that returns the transaction of another data source: the handler is told so, and all is rolled back', async () => {
    work = inTransactionOf(auditSource, (uuid) => tasks.succeed(uuid));
    expect((await post('audit')).status).toBe(500);
    expect(String(lastError)).toMatch(/transaction of another data source than that of the tasks/);
    expect(await found('audit')).toMatchObject([{ state: 'failure', duplicateKey: null }]);
    expect(await rows(auditSource)).toEqual([]);
  });

  it('gives way to a manager that is passed', async () => {
    work = inTransactionOf(source, (uuid, manager) =>
      managers.run(undefined, () => tasks.succeed(uuid, { manager })),
    );
    expect((await post('passed')).status).toBe(201);
    expect(await found('passed')).toMatchObject([{ state: 'success' }]);
  });

  it('is no help for a manager that is passed of a data source without the tasks: that is said', async () => {
    work = inTransactionOf(auditSource, (uuid, manager) => tasks.succeed(uuid, { manager }));
    expect((await post('stranger')).status).toBe(500);
    expect(String(lastError)).toMatch(/data source that does not know the tables of the tasks/);
  });

  // With SQLite that write would wait for the transaction, since all share one connection.
  if (testDatabase === 'sqlite') return;

  it('is for handlers with sameTransaction: the end of another task survives a rollback', async () => {
    work = inTransactionOf(source, async (uuid) => {
      await tasks.fail(uuid, { code: 500, message: 'half done' });
      throw new InternalServerErrorException();
    });
    expect((await post('loose', 'loose')).status).toBe(500);
    expect(await rows()).toEqual([]);
    expect(await found('loose')).toMatchObject([{ state: 'failure', faultMessage: 'half done' }]);
    expect((await post('loose', 'loose')).status).toBe(409);
  });
});
