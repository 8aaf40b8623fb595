import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest, type Server } from 'node:http';
import { connect } from 'node:http2';
import { type Requester, tagFromText, tagToText, TasksService, Tracked } from '../../src/index.js';
import {
  HostGuard,
  type HostRequest,
  type HostSettings,
  type LibraryHost,
  startHost,
} from '../support/library/library-host.js';
import type { Call } from '../support/network/http.js';

const done: unknown[] = [];

/** Parameters of which JSON shows nothing. */
const HIDDEN = {
  map: (body: object) => new Map(Object.entries(body)),
  set: (body: object) => ({ of: [new Set(Object.values(body))] }),
  function: (body: object) => () => body,
  'forgotten await': (body: object) => ({ of: Promise.resolve(body) }),
};

@Controller('jobs')
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

  @Post('name')
  @Tracked<unknown, { body: { name: string } }>({ task: ({ body }) => body.name })
  name() {
    return { n: done.push('name') };
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

/** The tenant of the guard, or the one of a header that can have any. */
function tenantOf(request: HostRequest): Requester {
  const { 'x-tenant': tenant } = (request as HostRequest & IncomingMessage).headers;
  return { projectId: decodeURIComponent(String(tenant ?? request.user.tenant)), userId: request.user.name };
}

describe.each<HostSettings>([{ platform: 'express' }, { platform: 'fastify' }])(
  'which requests are the same: %o',
  (settings) => {
    let host: LibraryHost;
    beforeAll(async () => {
      host = await startHost({
        ...settings,
        controllers: [WorkController],
        controller: { path: 'tasks', decorators: [UseGuards(HostGuard)] },
        options: { requester: tenantOf },
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
      const send = () => host.client.post('/jobs', {}, as(undefined, { [OLD_HEADER]: 'old' }));
      expect(await send()).toMatchObject({ status: 201, headers: { 'task-tag': 'old' } });
      expect((await send()).status).toBe(409);
      expect(done).toHaveLength(1);
      expect(await tasks('old')).toHaveLength(1);
    });

    it.each(['x'.repeat(65), '', 'a\0b', 7])(
      'a name of a task that not every database takes is an error, and nothing is done: %j',
      async (name) => {
        expect((await host.client.post('/jobs/name', { name }, as('name'))).status).toBe(500);
        expect((await host.client.post('/jobs/name', { name }, as(undefined))).status).toBe(500);
        expect(await tasks('name')).toEqual([]);
        expect(done).toEqual([]);
      },
    );

    it('a name of a task may have 64 characters', async () => {
      const name = 'é'.repeat(64);
      expect((await host.client.post('/jobs/name', { name }, as('long'))).status).toBe(201);
      expect(await tasks('long')).toMatchObject([{ task: name }]);
    });

    it('a tenant with a blank at its end is nobody: databases would take it for the one without', async () => {
      await host.client.post('/jobs', {}, as('walls'));
      for (const tenant of ['a ', ' a', 'a\t', '\u3000a']) {
        const user = { 'X-Tenant': encodeURIComponent(tenant) };
        expect((await host.client.get('/tasks?tag=walls', as(undefined, user))).status).toBe(500);
        expect((await host.client.post('/jobs', {}, as('walls', user))).status).toBe(500);
      }
      expect(done).toHaveLength(1);
    });

    it('a tag of any text is found in code, by its bytes', async () => {
      const tag = tagFromText('заказ-7');
      expect((await host.client.post('/jobs', {}, as(tag))).status).toBe(201);
      const [task] = await tasks(tag);
      expect(tagToText(task?.tag ?? '')).toBe('заказ-7');
      await expect(tasks('заказ-7')).rejects.toThrow(/tagFromText/);
      // An ASCII text is its own tag.
      expect(tagFromText('order-7')).toBe('order-7');
    });

    it('a name that no task can have is a bad query, and no fault of the host', async () => {
      for (const query of ['task=a%00b', 'task=%00']) {
        const answer = await host.client.get(`/tasks?${query}`, as(undefined));
        expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID_QUERY' } });
      }
      expect((await host.client.get('/tasks?task=%ff', as(undefined))).json.tasks).toEqual([]);
    });

    it('parameters that are named later count as those that are named at once', async () => {
      const pay = (sum: number) => host.client.post('/jobs/awaited', { sum }, as('awaited'));
      expect([(await pay(10)).status, (await pay(9999)).status, (await pay(10)).status]).toEqual([
        201, 201, 409,
      ]);
      expect(done).toEqual([{ sum: 10 }, { sum: 9999 }]);
    });

    it.each(Object.keys(HIDDEN))(
      'parameters that JSON does not show are an error, and nothing is done: %s',
      async (how) => {
        expect((await host.client.post('/jobs/hidden', { how }, as(how))).status).toBe(500);
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
    const outgoing = httpRequest(`${host.client.url}/jobs`, { method: 'POST', headers });
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
    expect((await host.client.call('POST', '/jobs', { token: null, headers: ANN, tag: 'none' })).status).toBe(
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
        host.client.post('/jobs', body, { token: null, headers: ANN, tag: 'null' });
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
      const headers = { ':method': 'POST', ':path': '/jobs', ...ANN, 'task-tag': tag };
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
