import {
  type CallHandler,
  ConflictException,
  Controller,
  type ExecutionContext,
  HttpException,
  Post,
  Req,
  Res,
  ServiceUnavailableException,
  UnprocessableEntityException,
} from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import {
  catchError,
  from,
  lastValueFrom,
  map,
  type Observable,
  of,
  retry,
  throwError,
  timeout,
  TimeoutError,
} from 'rxjs';
import type { DataSource, EntityManager } from 'typeorm';
import { CurrentTask, type Task, TasksService, Tracked, type TrackedOptions } from '../../src/index.js';
import {
  type HostSettings,
  type LibraryHost,
  singleTenant,
  startHost,
} from '../support/library/library-host.js';
import { until } from '../support/until.js';

declare const testDatabase: string;

let runs = 0;
let letGo: () => void;
let held: Promise<void>;
/** Until when a request is not recorded. */
let recording = Promise.resolve();
let service: TasksService;

const task = () => 'work';
const replayed: TrackedOptions<unknown> = { task, duplicates: 'replay' };

/** The answer of Express, or of Fastify. */
interface PlatformResponse {
  status: (code: number) => PlatformResponse;
  send: (body?: unknown) => unknown;
  headersSent?: boolean;
  sent?: boolean;
}

/** Replaces the function, as decorators for tracing do; what Nest knows of it stays. */
function Traced(): MethodDecorator {
  return (_target, _name, descriptor) => {
    const original = descriptor.value as unknown as (...parameters: unknown[]) => unknown;
    const traced = [
      function (this: unknown, ...parameters: unknown[]) {
        return original.apply(this, parameters);
      },
    ][0] as object;
    for (const key of Reflect.getMetadataKeys(original))
      Reflect.defineMetadata(key, Reflect.getMetadata(key, original), traced);
    descriptor.value = traced as never;
  };
}

@Controller('jobs')
class WorkController {
  @Post('plain')
  @Tracked({ task })
  plain() {
    return { n: (runs += 1) };
  }

  @Post('replayed')
  @Tracked(replayed)
  replayed() {
    return { n: (runs += 1) };
  }

  @Post('flaky')
  @Tracked({ task })
  flaky() {
    runs += 1;
    if (runs === 1) throw new ConflictException('not yet');
    return { n: runs };
  }

  @Post('slow')
  @Tracked(replayed)
  async slow() {
    runs += 1;
    await held;
    return { n: runs };
  }

  @Post('invalid')
  @Tracked({ task })
  invalid() {
    throw new UnprocessableEntityException(['item is missing', 'size is missing']);
  }

  @Post('sends-then-throws')
  @Tracked({ task })
  sendsThenThrows(@Res() response: PlatformResponse) {
    response.status(201).send({ sent: true });
    throw new Error('after it');
  }

  @Post('sends-twice')
  @Tracked({ task })
  sendsTwice(@Res() response: PlatformResponse) {
    response.status(201).send({ sent: true });
    if (!(response.headersSent ?? response.sent)) response.status(500).send({ sent: false });
  }

  @Post('traced')
  @Traced()
  @Tracked({ task })
  traced(@Res() response: PlatformResponse) {
    void held.then(() => response.status(500).send({ traced: true }));
  }

  @Post('sends-late')
  @Tracked({ task })
  sendsLate(@Res() response: PlatformResponse) {
    runs += 1;
    void held.then(() => response.status(201).send({ late: true }));
  }

  @Post('transfer')
  @Tracked({ task, sameTransaction: true })
  async transfer(@Req() { manager }: { manager: EntityManager }, @CurrentTask() { uuid }: Task) {
    await service.succeed(uuid, { manager, resource: { transfer: String((runs += 1)) } });
    return { n: runs };
  }
}

/** What stands before the handlers in a test. */
let outer: (context: ExecutionContext, next: CallHandler<unknown>) => Observable<unknown>;

describe.each<HostSettings>([{ platform: 'express' }, { platform: 'fastify' }])(
  'a tracked handler behind something else: %o',
  (settings) => {
    let host: LibraryHost;
    beforeAll(async () => {
      host = await startHost({
        ...settings,
        controllers: [WorkController],
        options: { requester: () => recording.then(singleTenant) },
        prepare: (app) =>
          void app.useGlobalInterceptors({ intercept: (context, next) => outer(context, next) }),
      });
      service = host.app.get(TasksService, { strict: false });
    });
    afterAll(() => host.close());
    beforeEach(() => {
      runs = 0;
      outer = (_, next) => next.handle();
      held = new Promise((resolve) => (letGo = resolve));
    });

    const post = (path: string, tag: string | undefined) =>
      host.client.post(`/jobs/${path}`, {}, { token: null, tag });
    const tasks = async (tag: string) =>
      (await service.list({ projectId: 'single-tenant', tag }, { limit: 10 })).tasks;
    const untilState = (tag: string, state: string) =>
      until(`${tag} to be ${state}`, async () => (await tasks(tag))[0]?.state === state);

    describe('that tries again', () => {
      beforeEach(() => (outer = (_, next) => next.handle().pipe(retry(2))));

      it('refuses what is accepted as often as it is tried', async () => {
        expect((await post('plain', 'tried')).status).toBe(201);
        expect((await post('plain', 'tried')).status).toBe(409);
        expect(runs).toBe(1);
      });

      it('carries a rejected one out again, which is on record too', async () => {
        expect((await post('flaky', 'flaky')).json).toEqual({ n: 2 });
        expect(await tasks('flaky')).toMatchObject([{ state: 'success' }, { state: 'failure' }]);
      });

      it('does not run what was given up once more', async () => {
        outer = (_, next) => next.handle().pipe(timeout(1000), retry(2));
        expect((await post('slow', 'given up')).status).toBe(409);
        expect(runs).toBe(1);
        letGo();
        await untilState('given up', 'success');
        expect(runs).toBe(1);
      });
    });

    it.each([429, 499])('that gives up with %d and goes on is not taken for refused', async (status) => {
      const given = new HttpException('given up', status);
      outer = (_, next) =>
        next.handle().pipe(
          timeout(30),
          catchError((e) => throwError(() => (e instanceof TimeoutError ? given : e))),
        );
      const tag = `given up ${status}`;
      expect((await post('slow', tag)).status).toBe(status);
      letGo();
      await untilState(tag, 'success');
      outer = (_, next) => next.handle();
      // The answer was not the handler's.
      expect(await post('slow', tag)).toMatchObject({ status: 409, json: { task: { state: 'success' } } });
      expect(runs).toBe(1);
    });

    it('that gives up before the request is recorded is not taken for refused either', async () => {
      let record: () => void = () => undefined;
      recording = new Promise((resolve) => (record = resolve));
      outer = (_, next) =>
        next.handle().pipe(timeout({ each: 30, with: () => throwError(() => new HttpException('', 429)) }));
      expect((await post('plain', 'early')).status).toBe(429);
      record();
      await untilState('early', 'success');
      expect(runs).toBe(1);
    });

    it('whose time-out has an answer of its own does not have that kept as the handler’s', async () => {
      outer = (_, next) => next.handle().pipe(timeout({ each: 30, with: () => of({ n: 'old' }) }));
      expect((await post('slow', 'fallback')).json).toEqual({ n: 'old' });
      letGo();
      await untilState('fallback', 'success');
      outer = (_, next) => next.handle();
      expect((await post('slow', 'fallback')).status).toBe(409);
    });

    it('that fails after it: the error is no answer to be sent again', async () => {
      outer = (_, next) =>
        next.handle().pipe(
          map(() => {
            throw new ServiceUnavailableException();
          }),
        );
      expect((await post('replayed', 'failed after')).status).toBe(503);
      outer = (_, next) => next.handle();
      const again = await post('replayed', 'failed after');
      expect([again.status, again.json.task.state, again.headers['task-replayed']]).toEqual([
        409,
        'success',
        undefined,
      ]);
    });

    if (testDatabase !== 'sqlite') {
      it('that is a transaction: the task ends with it, and does not wait for itself', async () => {
        const source = host.app.get<DataSource>(getDataSourceToken(), { strict: false });
        let isRolledBack = false;
        outer = (context, next) => {
          const request = context.switchToHttp().getRequest<{ manager: EntityManager }>();
          const done = source.transaction(async (manager) => {
            request.manager = manager;
            const answer = await lastValueFrom(next.handle());
            if (isRolledBack) throw new Error('rolled back');
            return answer;
          });
          return from(done);
        };
        const began = Date.now();
        expect((await post('transfer', 'unit of work')).status).toBe(201);
        expect(Date.now() - began).toBeLessThan(2000);
        expect(await tasks('unit of work')).toMatchObject([
          { state: 'success', resource: { transfer: '1' } },
        ]);
        isRolledBack = true;
        expect((await post('transfer', 'rolled back')).status).toBe(500);
        expect(await tasks('rolled back')).toMatchObject([{ state: 'pending' }]);
      });
    }

    it.each(['sends-then-throws', 'sends-twice'])(
      'answers what the handler has sent first: %s',
      async (path) => {
        expect(await post(path, path)).toMatchObject({ status: 201, json: { sent: true } });
        expect(await tasks(path)).toMatchObject([{ state: 'success' }]);
      },
    );

    it('knows that a handler sends its answer itself when its function was replaced', async () => {
      const answer = post('traced', 'traced');
      await untilState('traced', 'pending');
      letGo();
      expect((await answer).status).toBe(500);
      expect(await tasks('traced')).toMatchObject([{ state: 'unknown' }]);
    });

    it('believes a handler that sends its answer after the client has gone', async () => {
      const client = new AbortController();
      const sent = fetch(`${host.client.url}/jobs/sends-late`, {
        method: 'POST',
        headers: { 'Task-tag': 'gone' },
        signal: client.signal,
      });
      await until('the handler', () => runs === 1);
      client.abort();
      await expect(sent).rejects.toThrow();
      await untilState('gone', 'unknown');
      letGo();
      await untilState('gone', 'success');
    });

    it('keeps as the fault what the client was told', async () => {
      const { json } = await post('invalid', 'invalid');
      expect(json.message).toEqual(['item is missing', 'size is missing']);
      expect(await tasks('invalid')).toMatchObject([
        { faultCode: 422, faultMessage: 'item is missing; size is missing' },
      ]);
    });
  },
);
