import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest, type Server } from 'node:http';
import { connect } from 'node:http2';
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

const ANN = { 'X-User': 'a/ann' };

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
      headers: { ...ANN, ...headers },
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

// Fastify itself refuses what has neither a length nor a type.
describe('a body of which nobody has told the length, on Express,', () => {
  let host: LibraryHost;
  beforeAll(async () => {
    host = await startHost({ platform: 'express', controllers: [WorkController] });
  });
  afterAll(() => host.close());
  beforeEach(() => done.splice(0));

  /** The head of the request is there before the body is. */
  async function send(tag: string, body = ''): Promise<number | undefined> {
    const headers = { ...ANN, 'Task-tag': tag, 'Transfer-Encoding': 'chunked' };
    const outgoing = httpRequest(`${host.client.url}/work`, { method: 'POST', headers });
    const arrived = once(host.app.getHttpServer() as Server, 'request');
    outgoing.flushHeaders();
    await arrived;
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    answer.resume();
    return answer.statusCode;
  }

  it('is none when no bytes come, as clients may send it', async () => {
    expect([await send('none'), await send('none')]).toEqual([201, 409]);
    expect((await host.client.call('POST', '/work', { token: null, headers: ANN, tag: 'none' })).status).toBe(
      409,
    );
  });

  it('is refused as any other that nobody reads when bytes come', async () => {
    expect([await send('some', 'a'), await send('some', 'b')]).toEqual([415, 415]);
    expect(done).toEqual([]);
  });
});

describe('on Fastify without rawBody', () => {
  it('the body null is JSON as any other', async () => {
    const host = await startHost({ platform: 'fastify', controllers: [WorkController] });
    try {
      const send = (body: string) =>
        host.client.post('/work', body, { token: null, headers: ANN, tag: 'null' });
      expect([(await send('null')).status, (await send('null')).status]).toEqual([201, 409]);
      expect((await send('{}')).status).toBe(201);
    } finally {
      await host.close();
    }
  });
});

describe('over HTTP/2', () => {
  let host: LibraryHost;
  beforeAll(async () => {
    const adapter = new FastifyAdapter({ http2: true } as object);
    const instance = adapter.getInstance();
    // As parsers of forms do: they leave the files to the handler.
    instance.addContentTypeParser('multipart/form-data', (_, payload, pass) => {
      payload.resume();
      pass(null);
    });
    host = await startHost({ platform: 'fastify', adapter, controllers: [WorkController] });
  });
  afterAll(() => host.close());
  beforeEach(() => done.splice(0));

  async function send(tag: string, type?: string, body?: string): Promise<number> {
    const session = connect(host.client.url);
    try {
      const headers = { ':method': 'POST', ':path': '/work', ...ANN, 'task-tag': tag };
      const stream = session.request(
        { ...headers, ...(type !== undefined && { 'content-type': type }) },
        { endStream: body === undefined },
      );
      if (body !== undefined) stream.end(body);
      const [answer] = (await once(stream, 'response')) as [{ ':status': number }];
      return answer[':status'];
    } finally {
      session.destroy();
    }
  }

  it('a file that has not been read is refused, and not taken for an empty body', async () => {
    const type = 'multipart/form-data; boundary=x';
    const file = (bytes: string) =>
      `--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n${bytes}\r\n--x--\r\n`;
    expect([await send('file', type, file('A')), await send('file', type, file('B'))]).toEqual([415, 415]);
    expect(done).toEqual([]);
  });

  it('a body counts, and none is none', async () => {
    const json = 'application/json';
    expect([await send('json', json, '{"a":1}'), await send('json', json, '{ "a": 1 }')]).toEqual([201, 409]);
    expect(await send('json', json, '{"a":2}')).toBe(201);
    expect([await send('none'), await send('none')]).toEqual([201, 409]);
  });
});
