import {
  Body,
  type CallHandler,
  Controller,
  type ExecutionContext,
  HttpException,
  Post,
  Req,
} from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { catchError, defer, finalize, from, lastValueFrom, map, type Observable, of, retry } from 'rxjs';
import type { DataSource, EntityManager } from 'typeorm';
import { CurrentTask, type Task, TasksService, Tracked } from '../../src/index.js';
import {
  type HostSettings,
  type LibraryHost,
  singleTenant,
  startHost,
} from '../support/library/library-host.js';
import { until } from '../support/until.js';

declare const testDatabase: string;

type Verb = 'succeed' | 'fail' | 'reject';

interface Transfer {
  verb?: Verb;
  /** The status of what the handler throws. */
  throws?: number;
  /** How often it throws that; always otherwise. */
  times?: number;
  forgets?: boolean;
  /** Whether it ends its task after a savepoint, and rolls back to that. */
  undoes?: boolean;
}

let service: TasksService;
let source: DataSource;
let runs = 0;
let ended = 0;
let held = Promise.resolve();

@Controller('transfers')
class TransfersController {
  @Post()
  @Tracked({ task: () => 'transfer', sameTransaction: true })
  async transfer(
    @Req() request: { manager?: EntityManager },
    @Body() { verb = 'succeed', throws, times = Infinity, forgets, undoes }: Transfer,
    @CurrentTask() { uuid }: Task,
  ) {
    runs += 1;
    const work = async (manager: EntityManager) => {
      await manager.query(`INSERT INTO transfers (task) VALUES ('${uuid}')`);
      const options = forgets === true ? {} : { manager };
      const fault = { code: 500, message: 'ended badly' };
      if (verb === 'succeed') await service.succeed(uuid, options);
      else await service[verb](uuid, fault, options);
      ended += 1;
      await held;
      if (throws !== undefined && runs <= times) throw new HttpException('no', throws);
    };
    if (undoes === true) return this.nested(request.manager, uuid);
    await (request.manager ? work(request.manager) : source.transaction(work));
    return { uuid };
  }

  private async nested(outerManager: EntityManager | undefined, uuid: string) {
    const work = async (manager: EntityManager) => {
      await manager.query(`INSERT INTO transfers (task) VALUES ('${uuid}')`);
      const inner = manager.transaction(async (savepoint) => {
        await service.succeed(uuid, { manager: savepoint });
        throw new Error('undone');
      });
      await inner.catch(() => undefined);
    };
    await (outerManager ? work(outerManager) : source.transaction(work));
    return { uuid };
  }

  /** What it does beside the transaction is not undone. */
  @Post('loose')
  @Tracked({ task: () => 'loose' })
  async loose(@Req() { manager }: { manager: EntityManager }, @CurrentTask() { uuid }: Task) {
    runs += 1;
    await service.succeed(uuid, { manager });
    return { uuid };
  }

  @Post('other')
  @Tracked({ task: () => 'other' })
  other() {
    return {};
  }
}

let failures = 0;

/** A transaction that fails at its end, as a commit does that lost a conflict. */
function failOnce(value: unknown): unknown {
  if (failures-- > 0) throw new Error('could not serialize access');
  return value;
}

/** What stands before the handlers in a test. */
let outer: (context: ExecutionContext, next: CallHandler<unknown>) => Observable<unknown>;

const managerOf = (context: ExecutionContext, manager: EntityManager | undefined) =>
  (context.switchToHttp().getRequest<{ manager?: EntityManager }>().manager = manager);

/** A transaction around the request, and what is done with the handler's answer in it. */
const inTransaction =
  (within: (answer: Observable<unknown>) => Observable<unknown> = (answer) => answer): typeof outer =>
  (context, next) =>
    from(
      source.transaction((manager) => {
        managerOf(context, manager);
        return lastValueFrom(within(next.handle()));
      }),
    );

describe.each<HostSettings>([{ platform: 'express' }, { platform: 'fastify' }])(
  'a handler that ends its task in a transaction: %o',
  (settings) => {
    let host: LibraryHost;
    beforeAll(async () => {
      host = await startHost({
        ...settings,
        controllers: [TransfersController],
        options: { requester: singleTenant, pendingMs: 1000 },
        prepare: (app) =>
          void app.useGlobalInterceptors({ intercept: (context, next) => outer(context, next) }),
      });
      service = host.app.get(TasksService, { strict: false });
      source = host.app.get<DataSource>(getDataSourceToken(), { strict: false });
      await source.query('CREATE TABLE transfers (task VARCHAR(36))');
    });
    afterAll(() => host.close());
    beforeEach(async () => {
      outer = (_, next) => next.handle();
      held = Promise.resolve();
      runs = ended = 0;
      await source.query('DELETE FROM transfers');
    });

    const post = (tag: string, body: Transfer = {}, path = '/transfers') =>
      host.client.post(path, body, { token: null, tag });
    const tasks = async (tag: string) =>
      (await service.list({ projectId: 'single-tenant', tag }, { limit: 10 })).tasks;
    const rows = async () => (await source.query<unknown[]>('SELECT task FROM transfers')).length;
    /** A write that waits for a lock gives up after 3 s, or 10. */
    const inTime = async <T>(answer: Promise<T>): Promise<T> => {
      const began = performance.now();
      const given = await answer;
      expect(performance.now() - began).toBeLessThan(2500);
      return given;
    };

    describe.each<Verb>(['succeed', 'fail', 'reject'])('by %s', (verb) => {
      it('is told so when it forgets the manager: what is rolled back is not on record', async () => {
        const tag = `forgotten ${verb}`;
        for (const _ of [1, 2]) expect((await post(tag, { verb, forgets: true })).status).toBe(500);
        expect(await rows()).toBe(0);
        expect(await tasks(tag)).toMatchObject([{ state: 'failure' }, { state: 'failure' }]);
        // Not as the handler has said, but as it has failed.
        for (const { faultMessage } of await tasks(tag)) expect(faultMessage).toMatch(/none .* committed/);
      });

      if (testDatabase === 'sqlite') return;

      it.each([500, 422])(
        'that throws %d afterwards is answered at once when the transaction is around the request',
        async (throws) => {
          const tag = `${verb}, then ${throws}`;
          outer = inTransaction();
          expect((await inTime(post(tag, { verb, throws }))).status).toBe(throws);
          expect(await tasks(tag)).toMatchObject([
            { state: 'failure', duplicateKey: null, faultCode: throws },
          ]);
          expect(await rows()).toBe(0);
          // It was not done, so it may be sent again.
          expect((await inTime(post(tag, { verb, throws }))).status).toBe(throws);
          expect(runs).toBe(2);
        },
      );
    });

    it('is told which task it is, and what to do, when it forgets the manager', async () => {
      let told: unknown;
      outer = (_, next) =>
        next.handle().pipe(
          catchError((error) => {
            told = error;
            throw error;
          }),
        );
      await post('told', { forgets: true });
      const [task] = await tasks('told');
      expect(String(told)).toContain(`task ${task?.uuid}`);
      expect(String(told)).toContain('succeed(uuid, { manager })');
    });

    if (testDatabase === 'sqlite') return;

    it('stays ended when it throws, and whoever stands before commits all the same', async () => {
      outer = inTransaction((answer) => answer.pipe(catchError(() => of({ caught: true }))));
      expect(await inTime(post('caught', { throws: 500 }))).toMatchObject({
        status: 201,
        json: { caught: true },
      });
      expect(await tasks('caught')).toMatchObject([{ state: 'success' }]);
      expect(await rows()).toBe(1);
      outer = inTransaction();
      expect((await post('caught', { throws: 500 })).status).toBe(409);
    });

    it('is found by the sweep when the transaction is rolled back after the answer', async () => {
      let rollBack: () => void = () => undefined;
      const answered = new Promise<void>((resolve) => (rollBack = resolve));
      let ended = Promise.resolve();
      outer = (context, next) => {
        const runner = source.createQueryRunner();
        const begun = runner.startTransaction().then(() => managerOf(context, runner.manager));
        return from(begun.then(() => lastValueFrom(next.handle()))).pipe(
          finalize(() => {
            ended = answered.then(() => runner.rollbackTransaction()).then(() => runner.release());
          }),
        );
      };
      expect((await inTime(post('late', { throws: 500 }))).status).toBe(500);
      expect(await tasks('late')).toMatchObject([{ state: 'pending' }]);
      rollBack();
      await ended;
      await until('the sweep', async () => (await tasks('late'))[0]?.state === 'failure');
      expect(await tasks('late')).toMatchObject([{ duplicateKey: null, faultCode: 503 }]);
      outer = (_, next) => next.handle();
      expect((await post('late', { throws: 500 })).status).toBe(500);
    });

    it('that is tried again within the transaction is refused at once, and may be sent again', async () => {
      outer = inTransaction((answer) => answer.pipe(retry(2)));
      expect((await inTime(post('again', { throws: 500 }))).status).toBe(409);
      expect(runs).toBe(1);
      expect(await tasks('again')).toMatchObject([{ state: 'failure', duplicateKey: null }]);
      outer = inTransaction();
      expect((await inTime(post('again', { throws: 500 }))).status).toBe(500);
    });

    it.each([
      ['throws what says so', { throws: 500, times: 1 }, (answer: Observable<unknown>) => answer],
      ['is the last but the commit', {}, (answer: Observable<unknown>) => answer.pipe(map(failOnce))],
    ])('is carried out again by whoever tries its transaction again: it %s', async (what, body, within) => {
      failures = 1;
      const once = inTransaction(within);
      outer = (context, next) => defer(() => once(context, next)).pipe(retry(1));
      expect(await inTime(post(what, body))).toMatchObject({ status: 201 });
      expect(runs).toBe(2);
      expect(await rows()).toBe(1);
      expect((await tasks(what)).map(({ state }) => state)).toEqual(['success', 'failure']);
      expect((await post(what, body)).status).toBe(409);
    });

    it.each(['the handler', 'the request'])(
      'is a success if its end was undone by a rollback to a savepoint, and its work committed by %s',
      async (around) => {
        if (around === 'the request') outer = inTransaction();
        expect((await inTime(post(around, { undoes: true }))).status).toBe(201);
        expect(await rows()).toBe(1);
        expect(await tasks(around)).toMatchObject([{ state: 'success' }]);
        expect((await post(around, { undoes: true })).status).toBe(409);
        expect(runs).toBe(1);
      },
    );

    it('is not carried out again without sameTransaction: a rollback may not have undone all', async () => {
      failures = 1;
      const once = inTransaction((answer) => answer.pipe(map(failOnce)));
      outer = (context, next) => defer(() => once(context, next)).pipe(retry(1));
      expect((await inTime(post('loose', {}, '/transfers/loose'))).status).toBe(409);
      expect(runs).toBe(1);
    });

    it('that takes its time before the commit holds up neither a duplicate nor others', async () => {
      let letGo: () => void = () => undefined;
      held = new Promise((resolve) => (letGo = resolve));
      const first = post('slow');
      await until('the end of the task', () => ended === 1);
      const others = [post('slow'), post('another', {}, '/transfers/other')];
      const answers = await inTime(Promise.all(others));
      expect(answers.map(({ status }) => status)).toEqual([409, 201]);
      letGo();
      expect((await first).status).toBe(201);
      expect(await tasks('slow')).toMatchObject([{ state: 'success' }]);
    });
  },
);
