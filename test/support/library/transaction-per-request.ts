import { Body, Controller, type INestApplication, InternalServerErrorException, Post } from '@nestjs/common';
import { from, lastValueFrom } from 'rxjs';
import { DataSource } from 'typeorm';
import { TasksService, Tracked } from '../../../src/index.js';
import { lent, type TestDatabase } from '../database/database.js';
import { keptDatabase } from '../database/kept-databases.js';
import { until } from '../until.js';
import { type HostSettings, type LibraryHost, singleTenant, startHost } from './library-host.js';

declare const testDatabase: TestDatabase['kind'];

/** A host that opens a transaction around each request, as its package does it. */
export interface TransactionalHost {
  settings: () => Partial<HostSettings>;
  /** Does work in a transaction; what it throws undoes it. */
  inTransaction: (app: INestApplication, work: () => Promise<unknown>) => Promise<unknown>;
  /** Sends a statement of the host's own, which is a part of the transaction that is open. */
  query: (app: INestApplication, sql: string) => Promise<unknown>;
  /** What else is to be done when the host has been closed. */
  close?: () => void;
}

/** What a test sees of the handlers, and lets them do. */
let begun: string[] = [];
let held = Promise.resolve();
let app: INestApplication;
let kind: TransactionalHost;

@Controller('works')
class WorksController {
  @Post()
  @Tracked({ task: () => 'work' })
  async work(@Body() { name, fails }: { name: string; fails?: boolean }) {
    begun.push(name);
    await kind.query(app, `INSERT INTO notes VALUES ('${name}')`);
    await held;
    if (fails === true) throw new InternalServerErrorException();
    return { name };
  }
}

/** What a host with a transaction around each request may rely on. */
export function describeTransactionPerRequest(name: string, transactional: TransactionalHost): void {
  describe(`a transaction around each request, by ${name}`, () => {
    if (testDatabase === 'sqlite') {
      it.todo('cannot be with SQLite, where all share one connection');
      return;
    }
    let host: LibraryHost;
    let database: TestDatabase;
    /** Somebody else, who sees what is committed. */
    let others: DataSource;
    beforeAll(async () => {
      database = await keptDatabase('library');
      others = await new DataSource({ type: testDatabase, url: database.url }).initialize();
      await others.query('CREATE TABLE notes (name varchar(50))');
      kind = transactional;
      host = await startHost({
        platform: 'express',
        database: lent(database),
        controllers: [WorksController],
        controller: { path: 'tasks' },
        options: { requester: singleTenant },
        ...transactional.settings(),
        prepare: (made) => {
          app = made;
          made.useGlobalInterceptors({
            intercept: (_, next) =>
              from(
                transactional.inTransaction(made, () =>
                  lastValueFrom(next.handle(), { defaultValue: undefined }),
                ),
              ),
          });
        },
      });
    });
    afterAll(async () => {
      await host.close();
      transactional.close?.();
      await others.destroy();
      await database.drop();
    });
    beforeEach(() => {
      begun = [];
      held = Promise.resolve();
    });

    const work = (tag: string, fails = false) =>
      host.client.post('/works', { name: tag, fails }, { token: null, tag });
    const states = async (tag: string): Promise<string[]> => {
      const { tasks } = await host.app
        .get(TasksService, { strict: false })
        .list({ projectId: 'single-tenant', tag }, { limit: 10 });
      return tasks.map(({ state }) => state);
    };

    it('undoes no record of a request that was answered, nor of the one that failed', async () => {
      let letGo: () => void = () => undefined;
      held = new Promise((resolve) => (letGo = resolve));
      const names = ['a', 'b', 'c', 'd'];
      const answers = names.map((tag) => work(tag, tag === 'a'));
      await until('all handlers', () => begun.length === 4);
      letGo();
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([500, 201, 201, 201]);
      // The transactions were there.
      const notes: { name: string }[] = await others.query('SELECT name FROM notes ORDER BY name');
      expect(notes.map(({ name: note }) => note)).toEqual(['b', 'c', 'd']);
      expect(await Promise.all(names.map(states))).toEqual([
        ['unknown'],
        ['success'],
        ['success'],
        ['success'],
      ]);
      for (const tag of names) expect((await work(tag, tag === 'a')).status).toBe(409);
      expect(begun).toHaveLength(4);
    });

    it('holds no record back: others see it while the handler runs', async () => {
      let letGo: () => void = () => undefined;
      held = new Promise((resolve) => (letGo = resolve));
      const answer = work('seen');
      await until('the handler', () => begun.length === 1);
      const rows: unknown[] = await others.query(`SELECT state FROM tasks WHERE tag = 'seen'`);
      expect(rows).toEqual([{ state: 'pending' }]);
      const found = await host.client.get('/tasks?tag=seen', { token: null });
      expect(found.json.tasks).toMatchObject([{ state: 'pending' }]);
      letGo();
      expect((await answer).status).toBe(201);
      expect(await states('seen')).toEqual(['success']);
    });

    it('stalls nobody when twice as many come at once as its pool has connections', async () => {
      const began = performance.now();
      const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => work(`many ${n}`)));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
      // A write gives up after 10 s.
      expect(performance.now() - began).toBeLessThan(5000);
    });
  });
}
