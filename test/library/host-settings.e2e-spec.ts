import { Controller, HttpException, Post } from '@nestjs/common';
import type Database from 'better-sqlite3';
import { createRequire } from 'node:module';
import { DataSource, DefaultNamingStrategy, type EntitySubscriberInterface, EventSubscriber } from 'typeorm';
import { type Outcome, Task, TASKS_ENTITIES, TASKS_MIGRATIONS, Tracked } from '../../src/index.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { type LibraryHost, singleTenant, startHost } from '../support/library/library-host.js';
import { until } from '../support/until.js';

declare const testDatabase: TestDatabase['kind'];

type Parser = (text: string) => unknown;

let letGo: () => void = () => undefined;
let held = Promise.resolve();
let runs = 0;

@Controller('works')
class WorksController {
  @Post()
  @Tracked({ task: () => 'work', duplicates: 'replay', resource: () => ({ work: '1' }) })
  async work() {
    runs += 1;
    await held;
    return { run: runs };
  }

  @Post('refused')
  @Tracked({ task: () => 'refused' })
  refused() {
    throw new HttpException('no', 422);
  }

  @Post('broken')
  @Tracked({ task: () => 'broken' })
  broken() {
    throw new Error('on the way');
  }
}

const broken = () => {
  throw new Error('the host’s own mistake');
};

/** Whatever happens to a task, it fails; the migrations, which are no task's, do not. */
@EventSubscriber()
class BrokenSubscriber implements EntitySubscriberInterface<Task> {
  listenTo = () => Task;
  beforeInsert = broken;
  beforeUpdate = broken;
  afterLoad = broken;
  afterUpdate = broken;
}

/** Fails for statements about tasks. */
const brokenLogger = {
  logQuery: (sql: string) =>
    void (/tasks|task_answers/.test(sql) && !/CREATE|migrations/.test(sql) && broken()),
  logQueryError: broken,
  logQuerySlow: (_: number, sql: string) => brokenLogger.logQuery(sql),
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};

class Shouting extends DefaultNamingStrategy {
  override tableName(target: string, given: string | undefined) {
    return `LOUD_${super.tableName(target, given)}`;
  }
}

/** A cache that forgets nothing. */
function rememberingAll() {
  const results = new Map<string, object>();
  const nothing = () => Promise.resolve();
  const keyOf = ({ identifier, query }: { identifier?: string; query?: string }) => identifier ?? query ?? '';
  return {
    ...{ connect: nothing, disconnect: nothing, synchronize: nothing, clear: nothing, remove: nothing },
    isExpired: () => false,
    getFromCache: (asked: object) => Promise.resolve(results.get(keyOf(asked))),
    storeInCache: (result: object) => Promise.resolve(void results.set(keyOf(result), result)),
  };
}

/** What a host sets, of all databases and of each. */
const everywhere: Record<string, object> = {
  nothing: {},
  'a cache for all that is read': {
    cache: { alwaysEnabled: true, duration: 60_000, provider: rememberingAll },
  },
  'a subscriber that throws': { subscribers: [BrokenSubscriber] },
  'a logger that throws': { logging: true, logger: brokenLogger, maxQueryExecutionTime: 1 },
  'a naming strategy': { namingStrategy: new Shouting() },
  'undefined in conditions': { invalidWhereValuesBehavior: { null: 'ignore', undefined: 'throw' } },
  'relations by queries': { relationLoadStrategy: 'query', isolateWhereStatements: true },
};

const ofEach: Record<TestDatabase['kind'], Record<string, object>> = {
  sqlite: {
    'integers as BigInt': {
      prepareDatabase: (database: Database.Database) => void database.defaultSafeIntegers(true),
    },
  },
  mariadb: {
    'numbers as texts': { supportBigNumbers: true, bigNumberStrings: true, dateStrings: true },
    'all values as the host casts them': { extra: { typeCast: () => 'cast' } },
    'named parameters': { extra: { namedPlaceholders: true } },
    'the rows that were changed counted': { flags: ['-FOUND_ROWS'] },
    SERIALIZABLE: { isolationLevel: 'SERIALIZABLE' },
    'REPEATABLE READ': { isolationLevel: 'REPEATABLE READ' },
    'another character set': { charset: 'latin1' },
  },
  postgres: {
    'big integers as numbers': { parseInt8: true },
    'binary values': { extra: { binary: true } },
    'parsers of its own': { extra: { types: { getTypeParser: () => () => 'parsed' } } },
    SERIALIZABLE: { isolationLevel: 'SERIALIZABLE', extra: { options: SERIALIZABLE() } },
    'REPEATABLE READ': { isolationLevel: 'REPEATABLE READ' },
  },
};

function SERIALIZABLE() {
  return '-c default_transaction_isolation=serializable';
}

/** The tables are there before the host is: some of these settings are in the way of TypeORM's own migrations. */
async function migrated(typeorm: object): Promise<TestDatabase> {
  const database = await createDatabase();
  const { url } = database;
  const { namingStrategy } = typeorm as { namingStrategy?: DefaultNamingStrategy };
  const tables = { entities: [...TASKS_ENTITIES], migrations: [...TASKS_MIGRATIONS], namingStrategy };
  const source = await new DataSource(
    testDatabase === 'sqlite'
      ? { ...tables, type: 'better-sqlite3', database: url.slice('sqlite:'.length) }
      : { ...tables, type: testDatabase, url },
  ).initialize();
  await source.runMigrations();
  await source.destroy();
  return database;
}

describe.each(Object.entries({ ...everywhere, ...ofEach[testDatabase] }))(
  'the module beside a data source with %s',
  (_, typeorm) => {
    let host: LibraryHost | undefined;
    afterEach(async () => {
      await host?.close();
      host = undefined;
    });

    it('records, refuses, answers again, finds and settles as ever', async () => {
      runs = 0;
      held = new Promise((resolve) => (letGo = resolve));
      host = await startHost({
        platform: 'express',
        database: await migrated(typeorm),
        typeorm: { ...typeorm, migrationsRun: false, retryAttempts: 0 },
        controllers: [WorksController],
        controller: { path: 'tasks' },
        options: {
          requester: singleTenant,
          pendingMs: 500,
          settle: (): Outcome => ({ state: 'success', resource: { found: 'out' } }),
        },
      });
      const { client } = host;
      const call = (tag: string) => ({ token: null, tag });
      const found = async (tag: string) =>
        (await client.get(`/tasks?tag=${encodeURIComponent(tag)}`, { token: null })).json.tasks;

      const first = client.post('/works', {}, call('one'));
      await until('the handler', () => runs === 1);
      expect((await client.post('/works', {}, call('one'))).status).toBe(409);
      expect(await found('one')).toMatchObject([{ state: 'pending', resource: { work: '1' } }]);
      letGo();
      expect(await first).toMatchObject({ status: 201, json: { run: 1 } });
      expect(await client.post('/works', {}, call('one'))).toMatchObject({
        status: 201,
        json: { run: 1 },
        headers: { 'task-replayed': 'true' },
      });
      expect(await found('one')).toMatchObject([{ state: 'success', accepted: true }]);

      for (const _ of [1, 2]) expect((await client.post('/works/refused', {}, call('two'))).status).toBe(422);
      expect(await found('two')).toMatchObject([
        { state: 'failure', accepted: false, fault: { code: 422 } },
        { state: 'failure', accepted: false, fault: { code: 422 } },
      ]);
      for (const { start_time: start } of await found('two'))
        expect(Math.abs(Date.parse(start as string) - Date.now())).toBeLessThan(60_000);

      const crowd = await Promise.all(
        Array.from({ length: 8 }, () => client.post('/works', {}, call('crowd'))),
      );
      const carriedOut = crowd.filter(
        ({ status, headers }) => status === 201 && headers['task-replayed'] === undefined,
      );
      expect(carriedOut).toHaveLength(1);

      expect((await client.post('/works/broken', {}, call('three'))).status).toBe(500);
      await until('what became of it', async () => (await found('three'))[0].state === 'success');
      expect(await found('three')).toMatchObject([{ resource: { found: 'out' } }]);
    });
  },
);

if (testDatabase === 'postgres') {
  // It comes without types.
  const { types } = createRequire(__filename)('pg') as {
    types: { getTypeParser: (id: number) => Parser; setTypeParser: (id: number, parser: Parser) => void };
  };
  describe('the module beside parsers that a host sets for the whole process', () => {
    const INT8 = 20;
    const TEXT = 25;
    const before = [INT8, TEXT].map((id) => [id, types.getTypeParser(id)] as const);
    it('reads its own rows as ever', async () => {
      const host = await startHost({
        platform: 'express',
        controllers: [WorksController],
        controller: { path: 'tasks' },
        options: { requester: singleTenant },
      });
      try {
        for (const [id] of before) types.setTypeParser(id, () => ({ parsed: true }));
        runs = 0;
        held = Promise.resolve();
        const call = { token: null, tag: 'parsed' };
        expect((await host.client.post('/works', {}, call)).status).toBe(201);
        expect((await host.client.post('/works', {}, call)).headers['task-replayed']).toBe('true');
        const { json } = await host.client.get('/tasks?tag=parsed', { token: null });
        expect(json.tasks).toMatchObject([{ state: 'success', resource: { work: '1' } }]);
        expect(Date.parse(json.tasks[0].start_time as string)).toBeGreaterThan(0);
      } finally {
        for (const [id, parser] of before) types.setTypeParser(id, parser);
        await host.close();
      }
    });
  });
}
