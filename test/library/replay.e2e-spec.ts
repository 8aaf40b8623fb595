import {
  Body,
  ClassSerializerInterceptor,
  Controller,
  Delete,
  Headers,
  HttpCode,
  HttpException,
  Logger,
  Post,
  Query,
  Res,
  StreamableFile,
  UseGuards,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import { Exclude } from 'class-transformer';
import { map } from 'rxjs';
import type { DataSource } from 'typeorm';
import {
  CurrentTask,
  type Outcome,
  Task,
  TasksService,
  Tracked,
  type TrackedOptions,
} from '../../src/index.js';
import {
  HostGuard,
  type HostSettings,
  type LibraryHost,
  startHost,
  itInDatabase,
} from '../support/library/library-host.js';
import type { Answer, Call } from '../support/network/http.js';
import { until } from '../support/until.js';

/** How often each handler ran. */
const runs = new Map<string, number>();
const run = (name: string): number => {
  runs.set(name, (runs.get(name) ?? 0) + 1);
  return runs.get(name) as number;
};

const replay = (more: Partial<TrackedOptions<unknown>> = {}): TrackedOptions<unknown> => ({
  task: () => 'order',
  duplicates: 'replay',
  ...more,
});

class Account {
  @Exclude() password = 'hidden';

  constructor(readonly id: number) {}
}

let letGo: () => void = () => undefined;

@Controller('replayed')
@UseGuards(HostGuard)
class ReplayedController {
  @Post('json')
  @Tracked(replay({ replay: { headers: ['Location', 'X-Missing'] } }))
  json(
    @Body() { item }: { item: string },
    @Res({ passthrough: true })
    response: { setHeader?: (n: string, v: string) => void; header: (n: string, v: string) => void },
  ) {
    response.header('Location', '/orders/1');
    response.header('Set-Cookie', 'secret=1');
    return { item, n: run('json'), big: '9007199254740993' };
  }

  @Post('void')
  @HttpCode(204)
  @Tracked(replay())
  nothing() {
    run('void');
  }

  @Post('empty')
  @Tracked(replay())
  empty() {
    run('empty');
  }

  @Post('text')
  @Tracked(replay())
  text() {
    return `run ${run('text')} Ü`;
  }

  @Post('later')
  @HttpCode(202)
  @Tracked(replay())
  later(@CurrentTask() task: Task) {
    return { task: task.uuid, n: run('later') };
  }

  @Post('entity')
  @Tracked(replay())
  entity() {
    return new Account(run('entity'));
  }

  @Post('declined')
  @Tracked(
    replay({
      outcomeOfError: (error): Outcome | null =>
        error instanceof HttpException && error.getStatus() === 402
          ? { state: 'failure', fault: { code: 402, message: 'declined' } }
          : null,
    }),
  )
  declined() {
    throw new HttpException({ reason: 'declined', n: run('declined') }, 402);
  }

  @Post('invalid')
  @Tracked(replay())
  invalid() {
    throw new HttpException({ n: run('invalid') }, 422);
  }

  @Post('broken')
  @Tracked(replay())
  broken() {
    run('broken');
    throw new Error('broken');
  }

  @Post('file')
  @Tracked(replay())
  file() {
    return new StreamableFile(Buffer.from(`file ${run('file')}`));
  }

  @Post('long')
  @Tracked(replay({ replay: { maxBytes: 200_000 } }))
  long(@Query('bytes') bytes: string) {
    return `${run('long')}${'x'.repeat(Number(bytes) - 1)}`;
  }

  @Post('redacted')
  @Tracked(replay({ replay: { redact: ['card.number', 'items.*.key'] } }))
  redacted() {
    return {
      n: run('redacted'),
      card: { number: '4111', name: 'Ann' },
      items: [{ key: 'k', id: 1 }, { id: 2 }],
    };
  }

  @Post('enveloped')
  @Tracked(replay({ replay: { redact: ['card.number', 'data.none.*', 'data.card'] } }))
  enveloped() {
    return { data: { card: { number: '4111' }, none: [] } };
  }

  @Post('redacted-text')
  @Tracked(replay({ replay: { redact: ['card'] } }))
  redactedText() {
    return `card=4111 ${run('redacted-text')}`;
  }

  @Post('by-hand')
  @Tracked(replay())
  byHand(@Res() response: { status: (code: number) => { send: (body: object) => void } }) {
    response.status(201).send({ n: run('by-hand') });
  }

  @Post('slow')
  @Tracked(replay())
  async slow() {
    run('slow');
    await new Promise<void>((resolve) => (letGo = resolve));
    return { done: true };
  }

  @Delete(':id')
  @Tracked(replay())
  remove(@Headers('x-n') n: string) {
    return { n, run: run('remove') };
  }
}

describe.each<HostSettings>([{ platform: 'express' }, { platform: 'fastify' }])(
  'a request that is repeated, in a host that sends the first answer again: %o',
  (settings) => {
    let host: LibraryHost;
    beforeAll(async () => {
      host = await startHost({
        ...settings,
        controllers: [ReplayedController],
        prepare: (app) => {
          app.useGlobalInterceptors(
            {
              intercept: (_, next) =>
                next.handle().pipe(map((data: unknown) => (data === 'never' ? 0 : data))),
            },
            new ClassSerializerInterceptor(app.get(Reflector)),
          );
        },
      });
    });
    afterAll(() => host.close());
    beforeEach(() => runs.clear());

    const as = (user: string, tag: string): Call => ({ token: null, headers: { 'X-User': user }, tag });
    const post = (path: string, tag: string, body: object = { item: 'ink' }, user = 'a/ann') =>
      host.client.post(`/replayed/${path}`, body, as(user, tag));
    const twice = async (path: string, tag = path) => [await post(path, tag), await post(path, tag)] as const;
    const content = ({ status, text, headers }: Answer) => ({ status, text, type: headers['content-type'] });

    it.each(['json', 'void', 'empty', 'text', 'later', 'entity', 'by-hand'])(
      'gets the same status, type and body, and the handler does not run: %s',
      async (path) => {
        const [first, second] = await twice(path);
        expect(first.status).toBeLessThan(300);
        expect(first.headers['task-replayed']).toBeUndefined();
        expect(content(second)).toEqual(content(first));
        expect(second.headers).toMatchObject({ 'task-replayed': 'true', 'task-tag': path });
        expect(content(await post(path, path))).toEqual(content(first));
        expect(runs.get(path)).toBe(1);
      },
    );

    it('gets the headers that the handler chose, and no cookie of the first client', async () => {
      const [first, second] = await twice('json', 'headers');
      expect(first.headers).toMatchObject({ location: '/orders/1', 'set-cookie': ['secret=1'] });
      expect(second.headers).toMatchObject({ location: '/orders/1' });
      expect(second.headers['set-cookie']).toBeUndefined();
    });

    it('gets what was sent, and not what the handler had returned: no field that a serialiser leaves out', async () => {
      const [, second] = await twice('entity', 'serialised');
      expect(second.json).toEqual({ id: 1 });
    });

    it('gets an error that counts as accepted again, and may send again one that does not', async () => {
      const [first, second] = await twice('declined');
      expect(first).toMatchObject({ status: 402, json: { reason: 'declined', n: 1 } });
      expect(second).toMatchObject({ status: 402, json: { reason: 'declined', n: 1 } });
      const [one, other] = await twice('invalid');
      expect([one.json.n, other.json.n]).toEqual([1, 2]);
      expect(other.headers['task-replayed']).toBeUndefined();
    });

    it.each(['broken', 'file', 'redacted-text'])(
      'is refused with the task, where there is no answer that could be sent again: %s',
      async (path) => {
        const [first, second] = await twice(path);
        expect([200, 201, 500]).toContain(first.status);
        expect(second).toMatchObject({
          status: 409,
          json: { code: 'DUPLICATE_REQUEST', task: { tag: path } },
        });
        expect(second.headers['task-replayed']).toBeUndefined();
        expect(runs.get(path)).toBe(1);
      },
    );

    it('gets a body as long as is allowed, whole; a longer one is not sent again', async () => {
      const [first, second] = await twice('long?bytes=200000', 'long enough');
      expect(first.text).toHaveLength(200_000);
      expect(second.text).toBe(first.text);
      const [, tooLong] = await twice('long?bytes=200001', 'too long');
      expect(tooLong.status).toBe(409);
    });

    itInDatabase('gets null for what must not be kept, and that is nowhere in the database', async () => {
      const [first, second] = await twice('redacted');
      expect(first.json.card).toEqual({ number: '4111', name: 'Ann' });
      expect(second.json).toEqual({
        n: 1,
        card: { number: null, name: 'Ann' },
        items: [{ key: null, id: 1 }, { id: 2 }],
      });
      const source = host.app.get<DataSource>(getDataSourceToken(), { strict: false });
      const rows = await source.query<{ body: string }[]>('SELECT body FROM task_answers');
      const kept = rows.map(({ body }) => Buffer.from(body, 'base64').toString()).join();
      expect(kept).toContain('"name":"Ann"');
      expect(kept).not.toContain('4111');
    });

    it('of whose values one must not be kept that is elsewhere in the answer: the log says so, once', async () => {
      const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
      for (const tag of ['one', 'another']) await post('enveloped', tag);
      expect(warn.mock.calls).toEqual([
        [expect.stringContaining('"card.number" of replay.redact matches nothing')],
      ]);
      warn.mockRestore();
    });

    it('is refused while the first one is under way, and gets its answer afterwards', async () => {
      const first = post('slow', 'slow');
      await until('the handler', () => runs.get('slow') === 1);
      expect((await post('slow', 'slow')).status).toBe(409);
      letGo();
      expect(content(await post('slow', 'slow').then(() => first))).toEqual(
        content(await post('slow', 'slow')),
      );
      expect(runs.get('slow')).toBe(1);
    });

    it("of another tenant, or another request, is not answered with somebody else's", async () => {
      await post('json', 'mine');
      expect((await post('json', 'mine', { item: 'ink' }, 'b/ben')).json.n).toBe(2);
      expect((await post('json', 'mine', { item: 'pen' })).json).toMatchObject({ item: 'pen', n: 3 });
      const remove = (id: number) => host.client.delete(`/replayed/${id}`, as('a/ann', 'mine'));
      expect([(await remove(1)).json.run, (await remove(2)).json.run, (await remove(1)).json.run]).toEqual([
        1, 2, 1,
      ]);
    });

    it('gets the accepted answer of a task that goes on, also after it has ended', async () => {
      const [first] = await twice('later', 'ends later');
      await host.app
        .get(TasksService, { strict: false })
        .fail(first.json.task as string, { code: 500, message: 'no' });
      expect(content(await post('later', 'ends later'))).toEqual(content(first));
    });

    itInDatabase('is refused with the task when the recorded answer cannot be read', async () => {
      await post('json', 'unreadable');
      const source = host.app.get<DataSource>(getDataSourceToken(), { strict: false });
      await source.query('ALTER TABLE task_answers RENAME TO elsewhere');
      try {
        expect(await post('json', 'unreadable')).toMatchObject({
          status: 409,
          json: { code: 'DUPLICATE_REQUEST' },
        });
      } finally {
        await source.query('ALTER TABLE elsewhere RENAME TO task_answers');
      }
      expect((await post('json', 'unreadable')).headers['task-replayed']).toBe('true');
      expect(runs.get('json')).toBe(1);
    });

    it('of many at once, one is carried out, and none gets garbage', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => post('json', 'crowd')));
      expect(runs.get('json')).toBe(1);
      for (const answer of answers) {
        if (answer.status === 201) expect(answer.json.n).toBe(1);
        else expect(answer).toMatchObject({ status: 409, json: { code: 'DUPLICATE_REQUEST' } });
      }
    });
  },
);

describe('the options for sending an answer again', () => {
  it.each([{ headers: ['Set-Cookie'] }, { maxBytes: 0 }, { maxBytes: 2_000_000 }])(
    'stop the start when they cannot be meant: %o',
    (wrong) => {
      expect(() => Tracked(replay({ replay: wrong }))(class Things {})).toThrow(TypeError);
    },
  );
});
