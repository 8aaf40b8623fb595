import {
  Body,
  ConflictException,
  Controller,
  Logger,
  type MessageEvent,
  Post,
  RequestMethod,
  Res,
  Sse,
  UseGuards,
} from '@nestjs/common';
import { concat, EMPTY, NEVER, of, throwError } from 'rxjs';
import { type Outcome, TasksService, Tracked } from '../../src/index.js';
import {
  HostGuard,
  type HostSettings,
  type LibraryHost,
  startHost,
} from '../support/library/library-host.js';
import { until } from '../support/until.js';

class SoldOutError extends Error {}
class DeclinedError extends Error {}

const ERRORS = {
  'sold out': () => new SoldOutError(),
  declined: () => new DeclinedError(),
  conflict: () => new ConflictException('not now'),
};

@Controller('ends')
@UseGuards(HostGuard)
class EndsController {
  @Post('by-hand')
  @Tracked<{ id: string }>({
    task: () => 'by hand',
    outcome: ({ id }) => ({ state: 'processing', resource: { parcel: id } }),
  })
  byHand(@Res() response: { status: (code: number) => { send: (body: object) => void } }) {
    response.status(200).send({});
    return { id: '7' };
  }

  @Post('never')
  @Tracked({ task: () => 'never' })
  never(@Res() _: object) {
    begun += 1;
  }

  @Sse('events', { method: RequestMethod.POST })
  @Tracked({ task: () => 'events' })
  events(@Body() { end }: { end: 'never' | 'broken' }) {
    begun += 1;
    return concat(of<MessageEvent>({ data: 'one' }), end === 'never' ? NEVER : throwError(() => new Error()));
  }

  @Post('nothing')
  @Tracked({ task: () => 'nothing' })
  nothing() {
    return EMPTY;
  }

  @Post('refused')
  @Tracked({
    task: () => 'refused',
    outcomeOfError: (error): Outcome | null => (error instanceof DeclinedError ? { state: 'success' } : null),
  })
  refused(@Body() { how }: { how: keyof typeof ERRORS }) {
    throw ERRORS[how]();
  }

  @Post('forgotten')
  @Tracked({ task: () => 'forgotten', sameTransaction: true })
  forgotten() {
    return {};
  }
}

let begun = 0;

describe.each<HostSettings>([{ platform: 'express' }, { platform: 'fastify' }])(
  'how a task ends: %o',
  (settings) => {
    let host: LibraryHost;
    beforeAll(async () => {
      const fault = { code: 410, message: 'Sold out' };
      host = await startHost({
        ...settings,
        controllers: [EndsController],
        options: {
          // Nothing is found out by a sweep.
          pendingMs: 600_000,
          // One of them never ends.
          drainMs: 100,
          outcomeOfError: (error): Outcome | null =>
            error instanceof SoldOutError
              ? { state: 'rejected', fault }
              : error instanceof DeclinedError
                ? { state: 'unknown' }
                : null,
        },
      });
    });
    afterAll(() => host.close());
    beforeEach(() => {
      begun = 0;
    });
    afterEach(() => jest.restoreAllMocks());

    const headers = { 'X-User': 'a/ann' };
    const post = (path: string, tag: string, body: object = {}) =>
      host.client.post(`/ends/${path}`, body, { token: null, headers, tag });
    const taskOf = async (tag: string) =>
      (await host.app.get(TasksService, { strict: false }).list({ projectId: 'a', tag }, { limit: 1 }))
        .tasks[0];
    const untilUnknown = (tag: string) =>
      until('the end', async () => (await taskOf(tag))?.state === 'unknown');

    /** Sends a request, and hangs up when its handler has begun. */
    async function leave(path: string, tag: string, body: object): Promise<void> {
      const client = new AbortController();
      const sent = fetch(`${host.client.url}/ends/${path}`, {
        method: 'POST',
        headers: { ...headers, 'Task-tag': tag, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        signal: client.signal,
      }).then((answer) => answer.text());
      await until('the handler', () => begun === 1);
      expect((await taskOf(tag))?.state).toBe('pending');
      client.abort();
      await expect(sent).rejects.toThrow();
    }

    it('as `outcome` says, also of a handler that sends its answer itself', async () => {
      expect((await post('by-hand', 'by hand')).status).toBe(200);
      await until('the end', async () => (await taskOf('by hand'))?.state !== 'pending');
      expect(await taskOf('by hand')).toMatchObject({ state: 'processing', resource: { parcel: '7' } });
    });

    it('as unknown, when the handler never answers and the client leaves', async () => {
      await leave('never', 'never', {});
      await untilUnknown('never');
    });

    it('as unknown, when the client leaves before the last event', async () => {
      await leave('events', 'left', { end: 'never' });
      await untilUnknown('left');
    });

    it('as unknown, when the events break off', async () => {
      await post('events', 'broken off', { end: 'broken' });
      await untilUnknown('broken off');
    });

    it('as a success, when the handler returns no value at all', async () => {
      expect((await post('nothing', 'nothing')).status).toBe(201);
      expect(await taskOf('nothing')).toMatchObject({ state: 'success' });
    });

    it('as `outcomeOfError` says: first that of the handler, then that of the module, then the rule', async () => {
      for (const how of Object.keys(ERRORS)) await post('refused', how, { how });
      expect(await taskOf('declined')).toMatchObject({ state: 'success' });
      expect(await taskOf('sold out')).toMatchObject({ state: 'failure', faultCode: 410 });
      expect(await taskOf('conflict')).toMatchObject({ state: 'failure', faultCode: 409 });
    });

    it('with a word in the log, when it was to end in a transaction of the handler and did not', async () => {
      const error = jest.spyOn(Logger.prototype, 'error').mockImplementation();
      expect((await post('forgotten', 'forgotten')).status).toBe(201);
      const { uuid } = (await taskOf('forgotten')) ?? {};
      expect(error).toHaveBeenCalledWith(
        expect.stringMatching(`${uuid} has not ended it in its transaction`),
      );
    });
  },
);
