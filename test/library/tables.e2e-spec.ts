import { Controller, Logger, Post, UseGuards } from '@nestjs/common';
import { getDataSourceToken, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { type DataSource, DefaultNamingStrategy, Entity, PrimaryColumn } from 'typeorm';
import { Task as TasktagTask, TASKS_MIGRATIONS, tasksEntities, Tracked } from '../../src/index.js';
import { createDatabase, lent, type TestDatabase } from '../support/database/database.js';
import {
  HostGuard,
  type HostSettings,
  type LibraryHost,
  singleTenant,
  startHost,
} from '../support/library/library-host.js';
import { until } from '../support/until.js';

declare const testDatabase: TestDatabase['kind'];

@Controller('things')
class ThingsController {
  @Post()
  @Tracked({ task: () => 'make', duplicates: 'replay', resource: () => ({ server: 'a server' }) })
  make() {
    return { made: true };
  }

  @Post('broken')
  @Tracked({ task: () => 'break' })
  break() {
    throw new Error('on the way');
  }
}

/** The host's own entity, which happens to have the name of the module's. */
@Entity('tasks')
class Task {
  @PrimaryColumn('int')
  id!: number;
}

class Spelled extends DefaultNamingStrategy {
  override tableName(target: string, given: string | undefined): string {
    return `x_${super.tableName(target, given)}`;
  }
}

let hosts = 0;

/**
 * Each host has a data source of another name: what is loaded by itself is loaded by all that have the same, in any file
 * of a worker.
 */
const settings = (
  more: Partial<HostSettings> & { typeorm?: Partial<TypeOrmModuleOptions> },
): HostSettings => ({
  platform: 'express',
  dataSource: `host ${(hosts += 1)} on ${testDatabase}`,
  controllers: [ThingsController],
  controller: { path: 'tasks' },
  ...more,
  options: {
    requester: singleTenant,
    tagReuse: 'refuse',
    retentionMs: 1000,
    settle: () => ({ state: 'rejected', fault: { code: 503, message: 'not made' } }),
    ...more.options,
  },
});

/** That of the host that was started last. */
const sourceOf = (host: LibraryHost) =>
  host.app.get<DataSource>(getDataSourceToken(`host ${hosts} on ${testDatabase}`), { strict: false });

/** All that is done with the tables, once. */
async function expectAllToWork(host: LibraryHost): Promise<void> {
  const { client } = host;
  const make = (tag: string, body: object = {}) => client.post('/things', body, { token: null, tag });
  expect((await make('t')).status).toBe(201);
  expect(await make('t')).toMatchObject({ json: { made: true }, headers: { 'task-replayed': 'true' } });
  expect((await make('t', { other: 1 })).json.code).toBe('TAG_IN_USE');
  const found = await client.get('/tasks?tag=t', { token: null });
  expect(found.json.tasks).toMatchObject([{ state: 'success' }]);
  await client.post('/things/broken', {}, { token: null, tag: 'b' });
  await until('the sweep to ask what became of it', async () => {
    const { json } = await client.get('/tasks?tag=b', { token: null });
    return json.tasks[0].state === 'failure';
  });
}

/** Not by TypeORM, which reads those of all databases, also while another test drops one. */
const TABLES = {
  sqlite: "SELECT name FROM sqlite_master WHERE type = 'table'",
  mariadb: 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
  postgres: 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()',
};

const tablesOf = async (host: LibraryHost): Promise<string[]> => {
  const rows = await sourceOf(host).query<{ name: string }[]>(TABLES[testDatabase]);
  return rows.map(({ name }) => name).sort();
};

const driftOf = async (host: LibraryHost): Promise<string[]> =>
  (await sourceOf(host).driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);

describe('the tables of the library', () => {
  let host: LibraryHost | undefined;
  let database: TestDatabase | undefined;
  const start = async (more: Parameters<typeof settings>[0]) => {
    const database = await createDatabase();
    return (host = await startHost(settings({ database, ...more })));
  };
  afterEach(async () => {
    await host?.close();
    host = undefined;
    database = undefined;
  });

  it('have the prefix that the module is told, and do not meet a table of the host’s', async () => {
    class MakeHostsTasks1780000000001 {
      up = (runner: { query: (sql: string) => Promise<unknown> }) =>
        runner.query('CREATE TABLE tasks (id int NOT NULL PRIMARY KEY)');
      down = () => Promise.resolve();
    }
    const app = await start({
      tablePrefix: 'Once_',
      typeorm: { entities: [Task], migrations: [...TASKS_MIGRATIONS, MakeHostsTasks1780000000001] },
    });
    await expectAllToWork(app);
    const names = (await tablesOf(app)).map((name) => name.split('.').at(-1));
    for (const usual of ['tasks', 'task_subjects', 'task_processes', 'tag_owners', 'task_answers'])
      expect(names).toContain(`Once_${usual}`);
    const drift = await driftOf(app);
    expect(drift.filter((sql) => sql.includes('Once_'))).toEqual([]);
    expect(await sourceOf(app).getRepository(Task).count()).toBe(0);
    expect(await sourceOf(app).getRepository(TasktagTask).count()).toBe(2);
  });

  it('that are not there yet: nothing is carried out, the log says what to do, and then it goes on', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    const app = await start({ typeorm: { migrationsRun: false } });
    for (const tag of ['t', undefined]) {
      const answer = await app.client.post('/things', {}, { token: null, tag });
      expect(answer).toMatchObject({
        status: 503,
        json: { code: 'DATABASE_NOT_READY' },
        headers: { 'retry-after': '1' },
      });
      expect(answer.text).not.toMatch(/tasks|SQL/i);
    }
    expect(error).toHaveBeenCalledWith(expect.stringMatching(/Run the module's migrations/));
    error.mockRestore();
    await sourceOf(app).runMigrations();
    await expectAllToWork(app);
  });

  it('have the prefix that the data source gives to all entities', async () => {
    const app = await start({ typeorm: { entityPrefix: 'shop_' } });
    await expectAllToWork(app);
    expect(await driftOf(app)).toEqual([]);
    expect((await tablesOf(app)).filter((name) => name.endsWith('shop_tasks'))).toHaveLength(1);
  });

  it('have the names that a naming strategy of the host’s gives', async () => {
    const app = await start({ typeorm: { namingStrategy: new Spelled() } });
    await expectAllToWork(app);
    expect(await driftOf(app)).toEqual([]);
  });

  it('can be two sets in one database, whose tags know nothing of each other', async () => {
    database = await createDatabase();
    const shared = lent(database);
    const one = await startHost(
      settings({
        database: shared,
        tablePrefix: 'one_',
        typeorm: { migrationsTableName: 'one_migrations' },
      }),
    );
    const another = await start({
      database,
      tablePrefix: 'another_',
      typeorm: { migrationsTableName: 'another_migrations' },
    });
    try {
      const call = { token: null, tag: 'same' };
      const answers = [one, another].map(({ client }) => client.post('/things', {}, call));
      for (const { status, headers } of await Promise.all(answers))
        expect({ status, again: headers['task-replayed'] }).toEqual({ status: 201, again: undefined });
    } finally {
      await one.close();
    }
  });

  it('keep tenants, subjects and tags apart that a collation takes for one, also when `synchronize` made them', async () => {
    host = await startHost({
      platform: 'express',
      typeorm: { synchronize: true, migrationsRun: false },
      controller: { path: 'tasks', decorators: [UseGuards(HostGuard)] },
      options: { subject: ({ order }) => order ?? null },
    });
    const { client } = host;
    const order = (user: string, tag: string) =>
      client.post('/orders', { item: 'x' }, { token: null, tag, headers: { 'X-User': user } });
    for (const [user, tag] of [
      ['acme/ann', 'a tag'],
      ['ACME/ann', 'a tag'],
      ['acmé/ann', 'a tag'],
      ['acme/ann', 'A TAG'],
    ] as const)
      expect([user, tag, (await order(user, tag)).status]).toEqual([user, tag, 201]);
    expect((await order('acme/ann', 'a tag')).status).toBe(409);
    const tasksOf = async (user: string, query: string): Promise<any[]> => {
      const { json } = await client.get(`/tasks?${query}`, { token: null, headers: { 'X-User': user } });
      return json.tasks;
    };
    const [own] = await tasksOf('acme/ann', 'tag=a%20tag');
    expect(await tasksOf('acme/ann', `subject=${own.resource.order}`)).toMatchObject([{ uuid: own.uuid }]);
    expect(await tasksOf('ACME/ann', `subject=${own.resource.order}`)).toEqual([]);
  });

  it('may be listed by the host, by the same prefix', async () => {
    const entities = tasksEntities({ tablePrefix: 'listed_' });
    const app = await start({ tablePrefix: 'listed_', typeorm: { entities, autoLoadEntities: true } });
    await expectAllToWork(app);
    expect(await driftOf(app)).toEqual([]);
  });

  it('can be taken away again', async () => {
    const app = await start({ tablePrefix: 'gone_' });
    for (const _ of TASKS_MIGRATIONS) await sourceOf(app).undoLastMigration();
    expect((await tablesOf(app)).filter((name) => name.includes('gone_'))).toEqual([]);
  });

  if (testDatabase === 'postgres') {
    it('are in the schema of the data source', async () => {
      database = await createDatabase();
      const admin = await startHost(settings({ database: lent(database) }));
      await sourceOf(admin).query('CREATE SCHEMA shop');
      await admin.close();
      const app = await start({
        database,
        typeorm: { schema: 'shop', migrationsTableName: 'shop_migrations' },
      });
      await expectAllToWork(app);
      expect(await driftOf(app)).toEqual([]);
      expect(await sourceOf(app).query('SELECT * FROM public.tasks')).toEqual([]);
    });
  }
});

describe('a host does not start', () => {
  const failing = { retryAttempts: 0, migrationsRun: false };

  it('when its data source does not know the entities', async () => {
    const typeorm = { ...failing, autoLoadEntities: false };
    await expect(startHost(settings({ platform: 'express', typeorm }))).rejects.toThrow(
      'add TASKS_ENTITIES, or the result of tasksEntities(), to its `entities`',
    );
  });

  it('when it lists the entities under another prefix than the module has', async () => {
    const typeorm = { ...failing, entities: tasksEntities({ tablePrefix: 'one_' }) };
    await expect(startHost(settings({ tablePrefix: 'two_', typeorm }))).rejects.toThrow(
      'twice, as one_tasks and two_tasks',
    );
  });

  it.each(['shop.', 'x"; DROP', 'x'.repeat(41)])('with the prefix %j', (tablePrefix) => {
    expect(() => tasksEntities({ tablePrefix })).toThrow(TypeError);
  });
});
