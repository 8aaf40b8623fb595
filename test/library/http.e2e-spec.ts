import { Body, Controller, Get, HostParam, Post, Res, UseGuards } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';
import { tagFromText, Tracked } from '../../src/index.js';
import {
  HostGuard,
  type HostSettings,
  type LibraryHost,
  startHost,
} from '../support/library/library-host.js';
import type { Call } from '../support/network/http.js';

const ANN = { 'X-User': 'a/ann' };

/** What was carried out. */
const done: unknown[] = [];

@Controller('work')
@UseGuards(HostGuard)
class WorkController {
  @Post()
  @Tracked({ task: () => 'work' })
  work(@Body() body: unknown) {
    done.push(body);
    return {};
  }

  @Post('named')
  @Tracked<unknown, { body: unknown }>({ task: () => 'work', parameters: ({ body }) => ({ body }) })
  named(@Body() body: unknown) {
    done.push(body);
    return {};
  }

  @Post('text')
  @Tracked({ task: () => 'work', duplicates: 'replay' })
  text() {
    return `${done.push('text')} à la carte`;
  }

  @Post('by-hand')
  @Tracked({ task: () => 'work' })
  byHand(@Res() response: FastifyReply | ServerResponse) {
    done.push('by hand');
    const raw = 'raw' in response ? response.raw : response;
    if ('hijack' in response)
      for (const [name, value] of Object.entries(response.getHeaders())) raw.setHeader(name, value as string);
    raw.write('à la ');
    raw.end('carte', 'latin1');
  }
}

@Controller({ path: 'work', host: ':shop.test' })
class ShopController {
  @Post('hosted')
  @UseGuards(HostGuard)
  @Tracked({ task: () => 'work' })
  work(@HostParam('shop') shop: string) {
    done.push(shop);
    return { shop };
  }

  @Get('hosted')
  look(@HostParam('shop') shop: string) {
    return { shop };
  }
}

/** What Nest's own parser does, but for JSON of all kinds, and where a text is JSON as well. */
function parseAll(app: NestExpressApplication): void {
  app.useBodyParser('json', { strict: false, type: ['json', 'text/plain'] });
}

const EXPRESS: Partial<HostSettings> = {
  nest: { bodyParser: false },
  prepare: (app) => {
    parseAll(app as NestExpressApplication);
    // Then a short text goes out as one.
    (app as NestExpressApplication).set('etag', false);
  },
};

describe.each<HostSettings>([
  { platform: 'express' },
  { platform: 'express', rawBody: true },
  { platform: 'fastify' },
  { platform: 'fastify', rawBody: true },
])('a host with %o', (settings) => {
  let host: LibraryHost;
  beforeAll(async () => {
    host = await startHost({
      ...settings,
      ...(settings.platform === 'express' && EXPRESS),
      controllers: [WorkController, ShopController],
      controller: { path: 'tasks', decorators: [UseGuards(HostGuard)] },
    });
  });
  afterAll(() => host.close());
  beforeEach(() => done.splice(0));

  const as = (tag?: string | string[], headers: Record<string, string> = {}): Call => ({
    token: null,
    headers: { ...ANN, ...headers },
    ...(tag !== undefined && { tag }),
  });
  const work = (path: string, body: unknown, tag?: string | string[], headers?: Record<string, string>) =>
    host.client.post(`/work${path}`, body, as(tag, headers));

  it('lets no cache keep what the module answers, and leaves the answers of its handlers alone', async () => {
    const first = await work('', {}, 'cached');
    const replayed = [await work('/text', {}, 'replayed'), await work('/text', {}, 'replayed')];
    const found = await host.client.get('/tasks?tag=cached', as());
    const answers: [number, Promise<{ status: number; headers: Record<string, unknown> }>][] = [
      [409, work('', {}, 'cached')],
      [400, work('', {}, ['one', 'two'])],
      [200, host.client.get('/tasks?tag=nothing', as())],
      [200, host.client.get(`/tasks/${found.json.tasks[0].uuid}`, as())],
      [404, host.client.get('/tasks/01a206bf-6dfb-736d-ab4c-140248cab156', as())],
      [400, host.client.get('/tasks?limit=x', as())],
      [401, host.client.get('/tasks?tag=cached', { token: null })],
    ];
    for (const [status, answer] of answers) {
      const { headers, status: got } = await answer;
      expect([got, headers['cache-control']]).toEqual([status, 'no-store']);
    }
    expect([found, replayed[1]].map((answer) => answer?.headers['cache-control'])).toEqual([
      'no-store',
      'no-store',
    ]);
    expect(replayed[1]?.headers['task-replayed']).toBe('true');
    for (const answer of [first, replayed[0]]) expect(answer?.headers).not.toHaveProperty('cache-control');
  });

  it.each([tagFromText('é-1'), '\xfc', tagFromText('🚚'), 'plain'])(
    'echoes the bytes of a tag as they came: %j',
    async (tag) => {
      const body = { tag };
      const answers = [
        await work('', body, tag),
        await work('', body, tag),
        await work('/text', body, tag),
        await work('/text', body, tag),
        await work('/by-hand', body, tag),
      ];
      expect(answers.map(({ status, headers }) => [status, headers['task-tag']])).toEqual(
        [201, 409, 201, 201, 201].map((status) => [status, tag]),
      );
      expect(answers[3]?.headers['task-replayed']).toBe('true');
      expect(answers[2]?.text).toBe('1 à la carte'.replace('1', String(done.indexOf('text') + 1)));
      expect(answers[3]?.text).toBe(answers[2]?.text);
      expect(answers[4]?.text).toBe('à la carte');
    },
  );

  it.each([
    ['5', '"5"'],
    ['true', '"true"'],
    ['null', '"null"'],
    ['[]', '"[]"'],
    ['{"a":1}', '"{\\"a\\":1}"'],
    ['"x"', '"\\"x\\""'],
    ['""', '"\\"\\""'],
  ])('takes JSON and a text that spells it for two requests: %s and %s', async (value, text) => {
    const statuses = async (tag: string, headers: Record<string, string>, ...bodies: string[]) => {
      const sent: number[] = [];
      for (const body of bodies) sent.push((await work('', body, tag, headers)).status);
      return sent;
    };
    for (const path of ['one way', 'the other']) {
      const [one, other] = path === 'one way' ? [value, text] : [text, value];
      const sent = await statuses(`${path} ${value}`, {}, one, other, one, ` ${other}`);
      expect(sent).toEqual([201, 201, 409, 409]);
      // To one platform a text like any other, to the other one JSON. (Of `null` it cannot be told whether it was read.)
      const plain = { 'Content-Type': 'text/plain' };
      const again = await statuses(`plain ${path} ${value}`, plain, one, other, one);
      if (value !== 'null') expect(again).toEqual([201, 201, 409]);
    }
  });

  it('takes texts for two requests that differ only in half of a surrogate pair', async () => {
    const sent: number[] = [];
    for (const body of ['"\\ud800"', '"\\ufffd"', '"\\ud801"', '"\\ud800"'])
      sent.push((await work('', body, 'surrogates', {})).status);
    expect(sent).toEqual([201, 201, 201, 409]);
  });

  it.each(['', '/named'])('takes JSON however deep it is, with a tag as without: /work%s', async (path) => {
    const deep = (inner: string) => `{"a":${'['.repeat(6000)}${inner}${']'.repeat(6000)}}`;
    const statuses = [
      await work(path, deep('1')),
      await work(path, deep('1'), `deep ${path}`),
      await work(path, deep('1.0'), `deep ${path}`),
      await work(path, deep('2'), `deep ${path}`),
    ].map(({ status }) => status);
    expect(statuses).toEqual([201, 201, 409, 201]);
  });

  it('takes a request to another sub-domain for another one, where handlers go by it, and nowhere else', async () => {
    const to = async (path: string, name: string) =>
      (await work(path, {}, `host ${path}`, { Host: name })).status;
    expect(await to('/hosted', 'ink.test')).toBe(201);
    expect(await to('/hosted', 'pen.test:8080')).toBe(201);
    expect(await to('/hosted', 'INK.test:80')).toBe(409);
    expect(await to('/hosted', 'pen.test')).toBe(409);
    expect(done).toEqual(['ink', 'pen']);
    expect([await to('', 'ink.test'), await to('', 'pen.test')]).toEqual([201, 409]);
  });
});
