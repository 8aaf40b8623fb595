import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { TasksService, Tracked } from '../src/index.js';
import type { Call } from './support/http.js';
import { HostGuard, type HostSettings, type LibraryHost, startHost } from './support/library-host.js';

const done: unknown[] = [];

/** Parameters of which JSON shows nothing. */
const HIDDEN = {
  map: (body: object) => new Map(Object.entries(body)),
  set: (body: object) => ({ of: [new Set(Object.values(body))] }),
  function: (body: object) => () => body,
  'forgotten await': (body: object) => ({ of: Promise.resolve(body) }),
};

@Controller('work')
@UseGuards(HostGuard)
class WorkController {
  @Post()
  @Tracked({ task: () => 'work' })
  work(@Body() body: unknown) {
    return { n: done.push(body) };
  }

  @Post('awaited')
  @Tracked<unknown, { body: unknown }>({
    task: () => 'work',
    parameters: ({ body }) => Promise.resolve(body),
  })
  awaited(@Body() body: unknown) {
    return { n: done.push(body) };
  }

  @Post('hidden')
  @Tracked<unknown, { body: { how: keyof typeof HIDDEN } }>({
    task: () => 'work',
    parameters: ({ body }) => HIDDEN[body.how](body),
  })
  hidden(@Body() body: unknown) {
    return { n: done.push(body) };
  }
}

/** What an application of before called its tags; a middleware gives them their new name. */
const OLD_HEADER = 'x-legacy-key';

describe.each<HostSettings>([{ platform: 'express' }, { platform: 'fastify' }])(
  'which requests are the same: %o',
  (settings) => {
    let host: LibraryHost;
    beforeAll(async () => {
      host = await startHost({
        ...settings,
        controllers: [WorkController],
        prepare: (app) =>
          void app.use(({ headers }: IncomingMessage, _: unknown, next: () => void) => {
            if (headers[OLD_HEADER] !== undefined) headers['task-tag'] = headers[OLD_HEADER];
            next();
          }),
      });
    });
    afterAll(() => host.close());
    beforeEach(() => done.splice(0));

    const as = (tag: string | undefined, headers: Record<string, string> = {}): Call => ({
      token: null,
      headers: { 'X-User': 'a/ann', ...headers },
      ...(tag !== undefined && { tag }),
    });
    const tasks = async (tag: string) =>
      (await host.app.get(TasksService, { strict: false }).list({ projectId: 'a', tag }, { limit: 10 }))
        .tasks;

    it('a tag that a middleware gives a request is its tag', async () => {
      const send = () => host.client.post('/work', {}, as(undefined, { [OLD_HEADER]: 'old' }));
      expect(await send()).toMatchObject({ status: 201, headers: { 'task-tag': 'old' } });
      expect((await send()).status).toBe(409);
      expect(done).toHaveLength(1);
      expect(await tasks('old')).toHaveLength(1);
    });

    it('parameters that are named later count as those that are named at once', async () => {
      const pay = (sum: number) => host.client.post('/work/awaited', { sum }, as('awaited'));
      expect([(await pay(10)).status, (await pay(9999)).status, (await pay(10)).status]).toEqual([
        201, 201, 409,
      ]);
      expect(done).toEqual([{ sum: 10 }, { sum: 9999 }]);
    });

    it.each(Object.keys(HIDDEN))(
      'parameters that JSON does not show are an error, and nothing is done: %s',
      async (how) => {
        expect((await host.client.post('/work/hidden', { how }, as(how))).status).toBe(500);
        expect(await tasks(how)).toEqual([]);
        expect(done).toEqual([]);
      },
    );
  },
);
