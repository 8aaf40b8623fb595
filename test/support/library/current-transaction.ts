import { Body, Controller, InternalServerErrorException, Module, Post } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { from, lastValueFrom } from 'rxjs';
import type { DataSource } from 'typeorm';
import { CurrentTask, type Task, TasksService, Tracked, type TasksOptions } from '../../../src/index.js';
import type { TestDatabase } from '../database/database.js';
import { type LibraryHost, singleTenant, startHost } from './library-host.js';
import { namesInTrace, Spans } from './spans.js';
import type { TransactionalHost } from './transaction-per-request.js';

declare const testDatabase: TestDatabase['kind'];

/** A host whose package knows the transaction that is open. */
export interface CurrentTransactionHost extends TransactionalHost {
  /** The package's own decorator. */
  Transactional: () => MethodDecorator;
  currentManager: TasksOptions['currentManager'];
}

interface Order {
  name: string;
  verb?: 'succeed' | 'fail' | 'reject';
  fails?: boolean;
  /** Whether it ends its task only when its transaction is over. */
  late?: boolean;
}

/** How many requests come at once. */
const MANY = 16;

/** What a host may rely on that has told the module where its current transaction is. */
export function describeCurrentTransaction(name: string, kind: CurrentTransactionHost): void {
  let orders: OrdersService;
  let source: DataSource;
  let carriedOut = 0;
  let lastError: unknown;
  const spans = new Spans();

  class OrdersService {
    constructor(
      private readonly host: LibraryHost,
      private readonly tasks: TasksService,
    ) {}

    @kind.Transactional()
    async place(order: Order, uuid: string): Promise<void> {
      carriedOut += 1;
      await kind.query(this.host.app, `INSERT INTO placed VALUES ('${order.name}', '${uuid}')`);
      if (order.late !== true) await this.end(order, uuid);
      if (order.fails === true) throw new InternalServerErrorException();
    }

    async end({ verb = 'succeed' }: Order, uuid: string): Promise<void> {
      if (verb === 'succeed') await this.tasks.succeed(uuid, { resource: { order: uuid } });
      else await this.tasks[verb](uuid, { code: 500, message: 'ended badly' });
    }
  }

  @Controller('placed')
  class PlacedController {
    @Post(['inside', 'around'])
    @Tracked({ task: () => 'place', sameTransaction: true })
    async place(@Body() order: Order, @CurrentTask() { uuid }: Task) {
      try {
        await inTurn(() => orders.place(order, uuid));
        if (order.late === true) await orders.end(order, uuid);
      } catch (error) {
        lastError = error;
        throw error;
      }
      return { uuid };
    }
  }

  @Module({ controllers: [PlacedController] })
  class PlacedModule {}

  describe(`the current transaction, by ${name}`, () => {
    let host: LibraryHost;
    let tasks: TasksService;
    beforeAll(async () => {
      spans.start();
      const { imports = [], ...settings } = kind.settings();
      host = await startHost({
        platform: 'express',
        ...settings,
        imports: [...imports, PlacedModule],
        options: { requester: singleTenant, currentManager: kind.currentManager },
        prepare: (app) => {
          app.use(spans.ofRequests);
          app.useGlobalInterceptors({
            intercept: (context, next) =>
              context.switchToHttp().getRequest<{ url: string }>().url.endsWith('/around')
                ? from(kind.inTransaction(app, () => lastValueFrom(next.handle())))
                : next.handle(),
          });
        },
      });
      tasks = host.app.get(TasksService, { strict: false });
      orders = new OrdersService(host, tasks);
      source = host.app.get<DataSource>(getDataSourceToken(), { strict: false });
      await source.query('CREATE TABLE placed (name VARCHAR(50), task VARCHAR(36))');
    });
    afterAll(async () => {
      await host.close();
      kind.close?.();
      spans.stop();
    });
    beforeEach(async () => {
      carriedOut = 0;
      lastError = undefined;
      spans.forget();
      await source.query('DELETE FROM placed');
    });

    // With SQLite all share one connection, on which the request itself could not be recorded.
    describe.each(testDatabase === 'sqlite' ? ['inside'] : ['inside', 'around'])(
      '%s the handler',
      (place) => {
        const post = (order: Order, tag = `${place} ${order.name}`) =>
          host.client.post(`/placed/${place}`, order, { token: null, tag });
        const found = async (of: string) =>
          (await tasks.list({ projectId: 'single-tenant', tag: `${place} ${of}` }, { limit: 10 })).tasks;
        const rows = async () =>
          (await source.query<{ name: string }[]>('SELECT name FROM placed ORDER BY name')).map(
            (row) => row.name,
          );

        it('loses nothing and does nothing twice when 16 requests come at once, and one fails', async () => {
          const names = Array.from({ length: MANY }, (_, n) => `order ${String(n).padStart(2, '0')}`);
          const [failing, ...others] = names;
          const send = (fails: boolean) =>
            Promise.all(
              names.map((of) => post({ name: of, fails: fails && of === failing }, `${place} ${of}`)),
            );
          expect((await send(true)).map(({ status }) => status)).toEqual([500, ...others.map(() => 201)]);
          expect(await rows()).toEqual(others);
          for (const of of others) {
            expect(await found(of)).toMatchObject([{ state: 'success', resource: {} }]);
          }
          expect(await found(failing as string)).toMatchObject([{ state: 'failure', duplicateKey: null }]);
          const tags = names.map((of) => `${place} ${of}`);
          const seen = await spans.of(...tags);
          for (const [n, tag] of tags.entries()) {
            // That of the one that failed was rolled back, and recorded anew.
            const settled = n === 0 ? ['tasktag.settle', 'tasktag.settle'] : ['tasktag.settle'];
            expect(namesInTrace(seen, tag)).toEqual([`request ${tag}`, 'tasktag.record', ...settled]);
          }
          // The same again: the one that failed has left nothing behind.
          const again = await Promise.all(
            names.map((of) => post({ name: of, fails: of === failing }, `${place} ${of}`)),
          );
          expect(again.map(({ status }) => status)).toEqual([500, ...others.map(() => 409)]);
          expect(carriedOut).toBe(MANY + 1);
          expect(await rows()).toEqual(others);
        });

        it('carries out one of 16 that are the same and come at once', async () => {
          const answers = await Promise.all(Array.from({ length: MANY }, () => post({ name: 'same' })));
          expect(answers.map(({ status }) => status).sort()).toEqual([
            201,
            ...Array.from({ length: MANY - 1 }, () => 409),
          ]);
          expect(carriedOut).toBe(1);
          expect(await rows()).toEqual(['same']);
          expect(await found('same')).toMatchObject([{ state: 'success' }]);
        });

        it('commits the end of a task with the work, and rolls both back', async () => {
          for (const verb of ['succeed', 'fail', 'reject'] as const) {
            expect((await post({ name: verb, verb })).status).toBe(201);
            expect((await post({ name: `undone ${verb}`, verb, fails: true })).status).toBe(500);
            // It failed as its handler did, and not as it had said before that.
            expect(await found(`undone ${verb}`)).toMatchObject([
              { state: 'failure', duplicateKey: null, faultMessage: expect.stringMatching(/./) },
            ]);
            expect((await found(`undone ${verb}`))[0]?.faultMessage).not.toBe('ended badly');
          }
          expect((await found('succeed'))[0]?.state).toBe('success');
          expect(await found('fail')).toMatchObject([{ state: 'failure', faultMessage: 'ended badly' }]);
          expect((await found('fail'))[0]?.duplicateKey).not.toBeNull();
          expect(await found('reject')).toMatchObject([{ state: 'failure', duplicateKey: null }]);
          expect(await rows()).toEqual(['fail', 'reject', 'succeed']);
        });

        if (place === 'around') return;

        it('is told so when it ends its task after its transaction', async () => {
          expect((await post({ name: 'late', late: true })).status).toBe(500);
          expect(String(lastError)).toMatch(/there is no open transaction here: .*currentManager/);
        });
      },
    );
  });
}

let turn: Promise<unknown> = Promise.resolve();

/** With SQLite all share one connection, and TypeORM would mix what is done in transactions at once. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (testDatabase !== 'sqlite') return work();
  const done = turn.then(work);
  turn = done.catch(() => undefined);
  return done;
}
