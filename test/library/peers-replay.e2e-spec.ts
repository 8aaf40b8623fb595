import {
  Body,
  ConflictException,
  Controller,
  Header,
  HttpCode,
  InternalServerErrorException,
  Post,
  Req,
  Res,
  ServiceUnavailableException,
  StreamableFile,
  UseGuards,
} from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { DataSource } from 'typeorm';
import { Tracked, type TrackedOptions } from '../../src/index.js';
import { HostGuard, type HostRequest, type HostSettings } from '../support/library/library-host.js';
import { gate, type PeersHost, startPeersHost, work } from '../support/library/peers-host.js';
import { until } from '../support/until.js';

const REPLAY: TrackedOptions<unknown> = {
  task: () => 'thing',
  duplicates: 'replay',
  replay: { headers: ['location'], maxBytes: 1000, redact: ['secret'] },
};
const DUPLICATE = { status: 409, json: { code: 'DUPLICATE_REQUEST' } };

/** Handlers whose answers are sent again. */
@Controller('replayed')
@UseGuards(HostGuard)
class ReplayedController {
  @Post()
  @Header('Location', '/things/1')
  @Tracked(REPLAY)
  make(@Req() request: HostRequest) {
    return work.do(request);
  }

  @Post('cookie')
  @Tracked(REPLAY)
  cookie(
    @Req() request: HostRequest,
    @Res({ passthrough: true }) response: { header: (name: string, value: string) => unknown },
  ) {
    response.header('Set-Cookie', 'session=of-the-first-one');
    return work.do(request);
  }

  @Post('others')
  @Tracked(REPLAY)
  other(@Req() request: HostRequest) {
    return work.do(request);
  }

  @Post('void')
  @Tracked(REPLAY)
  nothing(@Req() request: HostRequest): void {
    work.do(request);
  }

  @Post('accepted')
  @HttpCode(202)
  @Tracked(REPLAY)
  accepted(@Req() request: HostRequest): void {
    work.do(request);
  }

  @Post('file')
  @Tracked(REPLAY)
  file(@Req() request: HostRequest) {
    work.do(request);
    return new StreamableFile(Readable.from(['a ', 'file']));
  }

  @Post('by-itself')
  @Tracked({ ...REPLAY, replay: {} })
  byItself(
    @Req() request: HostRequest,
    @Res() response: ServerResponse & { hijack?: () => void; raw?: ServerResponse },
  ): void {
    work.do(request);
    response.hijack?.();
    (response.raw ?? response).end('done');
  }

  @Post('large')
  @Tracked(REPLAY)
  large(@Req() request: HostRequest, @Body() { size }: { size: number }) {
    work.do(request);
    return { text: 'x'.repeat(size) };
  }
}

/** What was seen to go wrong in packages that send answers again; see `peers.e2e-spec.ts`. */
describe.each<HostSettings>([{ platform: 'express' }, { platform: 'fastify', rawBody: true }])(
  'answers that are sent again, where other packages differ: with %o',
  (settings) => {
    let peers: PeersHost;
    const send = (tag: string, path = '', body: object = {}, user = 'a/ann') =>
      peers.send(tag, body, `/replayed${path}`, { user });
    beforeAll(async () => {
      peers = await startPeersHost({ ...settings, controllers: [ReplayedController] });
    });
    afterAll(() => peers.host.close());
    beforeEach(() => work.reset());

    const REPLAYED = { headers: { 'task-replayed': 'true' } };

    it.each([
      ['void', 201],
      ['accepted', 202],
    ])('an answer without a body is replayed: %s (@node-idempotency/nestjs: 500)', async (path, status) => {
      const first = await send(path, `/${path}`);
      expect(first).toMatchObject({ status, text: '' });
      expect(first.headers['task-replayed']).toBeUndefined();
      expect(await send(path, `/${path}`)).toMatchObject({ ...REPLAYED, status, text: '' });
      expect(work.calls).toBe(1);
    });

    it("each tenant gets its own answer replayed (@node-idempotency/nestjs: the first one's)", async () => {
      work.act = (_, { user }) => ({ of: user.tenant });
      await send('tenants');
      expect((await send('tenants', '', {}, 'b/ben')).json).toEqual({ of: 'b' });
      expect(await send('tenants')).toMatchObject({ ...REPLAYED, json: { of: 'a' } });
      expect(await send('tenants', '', {}, 'b/ben')).toMatchObject({ ...REPLAYED, json: { of: 'b' } });
    });

    it('a 503 is not replayed (@node-idempotency/nestjs: for a day)', async () => {
      work.act = () => {
        throw new ServiceUnavailableException();
      };
      await send('503');
      expect(await send('503')).toMatchObject({ ...DUPLICATE, json: { task: { state: 'unknown' } } });
    });

    it('a file is not replayed, and its duplicate is refused (@node-idempotency/nestjs: its insides, or the key is stuck)', async () => {
      expect((await send('file', '/file')).text).toBe('a file');
      expect(await send('file', '/file')).toMatchObject({
        ...DUPLICATE,
        json: { task: { state: 'success' } },
      });
      expect(work.calls).toBe(1);
    });

    it('what succeeded is answered as a success when its answer cannot be kept (@node-idempotency/nestjs: 500)', async () => {
      const dataSource = peers.host.app.get<DataSource>(getDataSourceToken());
      work.act = async () => {
        await dataSource.query('ALTER TABLE task_answers RENAME TO answers_away');
        return { id: 7 };
      };
      const first = await send('store').finally(() =>
        dataSource.query('ALTER TABLE answers_away RENAME TO task_answers'),
      );
      expect(first).toMatchObject({ status: 201, json: { id: 7 } });
      expect(await send('store')).toMatchObject({ ...DUPLICATE, json: { task: { state: 'success' } } });
      expect(work.calls).toBe(1);
    });

    it('the headers that say what an answer is come back (@node-idempotency/nestjs: only Content-Type)', async () => {
      const first = await send('headers');
      const again = await send('headers');
      expect(again).toMatchObject({ ...REPLAYED, status: 201, text: first.text });
      expect(again.headers).toMatchObject({
        'content-type': first.headers['content-type'],
        location: '/things/1',
        'task-tag': 'headers',
      });
    });

    it("no cookie comes back (fiber and others: the first one's)", async () => {
      const first = await send('cookie', '/cookie');
      expect(first.headers['set-cookie']).toEqual(['session=of-the-first-one']);
      const again = await send('cookie', '/cookie');
      expect(again).toMatchObject({ ...REPLAYED, status: 201, text: first.text });
      expect(again.headers['set-cookie']).toBeUndefined();
      expect(() => Tracked({ ...REPLAY, replay: { headers: ['Set-Cookie'] } })(class Orders {})).toThrow(
        /set-cookie/,
      );
    });

    it('after an error the handler, which may have done something, does not run again (@nestarc/idempotency, express-idempotency: it does)', async () => {
      work.act = () => {
        throw new InternalServerErrorException();
      };
      await send('forgotten');
      await send('forgotten');
      expect(work.calls).toBe(1);
    });

    it('the answer that a handler sends itself is replayed (@nestarc/idempotency, express-idempotency: called again, or the key is stuck)', async () => {
      const first = await send('by itself', '/by-itself');
      expect(first.text).toBe('done');
      expect(await send('by itself', '/by-itself')).toMatchObject({
        ...REPLAYED,
        status: first.status,
        text: 'done',
      });
      expect(work.calls).toBe(1);
    });

    it('what was rejected is carried out when it can be (@nestarc/idempotency, express-idempotency: the rejection again)', async () => {
      work.act = (n) => {
        if (n === 1) throw new ConflictException('sold out');
        return { n };
      };
      expect((await send('sold out')).status).toBe(409);
      const second = await send('sold out');
      expect(second).toMatchObject({ status: 201, json: { n: 2 } });
      expect(second.headers['task-replayed']).toBeUndefined();
      expect(await send('sold out')).toMatchObject({ ...REPLAYED, status: 201, json: { n: 2 } });
    });

    it("another URL under the same tag gets its own answer, for each tenant (idempot-js: the first one's)", async () => {
      work.act = (_, { user }) => ({ of: user.tenant });
      await send('urls');
      expect((await send('urls', '/others', {}, 'b/ben')).json).toEqual({ of: 'b' });
      expect((await send('urls', '/others')).headers['task-replayed']).toBeUndefined();
    });

    it('the answer of a request whose client hung up is replayed (idempot-js: 409 for a day)', async () => {
      const { wait, open } = gate();
      work.act = async (n) => {
        await wait;
        return { id: n };
      };
      const client = new AbortController();
      const headers = { 'X-User': 'a/ann', 'Task-tag': 'hung up', 'Content-Type': 'application/json' };
      const init = { method: 'POST', headers, body: '{}', signal: client.signal };
      const sent = fetch(`${peers.host.client.url}/replayed`, init);
      await until('the handler to begin', () => work.calls === 1);
      client.abort();
      await expect(sent).rejects.toThrow();
      open();
      await until('its end on record', async () => (await peers.find('hung up'))[0].state === 'success');
      // The answer went nowhere, but it is on record as well.
      const again = await until('its answer', async () => {
        const answer = await send('hung up');
        return answer.status === 201 && answer;
      });
      expect(again).toMatchObject({ ...REPLAYED, json: { id: 1 } });
      expect(work.calls).toBe(1);
    });

    it('a duplicate of what is under way is refused at once (@nestjs-redisx/idempotency: it waits, up to a minute)', async () => {
      const { wait, open } = gate();
      work.act = async () => {
        await wait;
        return { id: 1 };
      };
      const first = send('under way');
      await until('the handler to begin', () => work.calls === 1);
      expect(await send('under way')).toMatchObject({ ...DUPLICATE, json: { task: { state: 'pending' } } });
      open();
      expect((await first).json).toEqual({ id: 1 });
      expect(await send('under way')).toMatchObject({ ...REPLAYED, json: { id: 1 } });
    });

    it('secrets in an answer are not kept (others: for a day, in clear)', async () => {
      work.act = () => ({ id: 1, secret: 'adminPass' });
      expect((await send('secret')).json).toEqual({ id: 1, secret: 'adminPass' });
      expect((await send('secret')).json).toEqual({ id: 1, secret: null });
      const rows: object[] = await peers.host.app
        .get<DataSource>(getDataSourceToken())
        .query('SELECT body FROM task_answers');
      for (const { body } of rows as { body: string }[]) {
        expect(Buffer.from(body, 'base64').toString()).not.toContain('adminPass');
      }
    });

    it('an answer that is too large is not replayed, and its duplicate is refused (others: cut, or the handler runs again)', async () => {
      expect((await send('large', '/large', { size: 2000 })).status).toBe(201);
      expect(await send('large', '/large', { size: 2000 })).toMatchObject(DUPLICATE);
      expect((await send('small', '/large', { size: 900 })).status).toBe(201);
      expect(await send('small', '/large', { size: 900 })).toMatchObject(REPLAYED);
      expect(work.calls).toBe(2);
    });

    it('an answer goes to nobody who may not ask for it (others: to those who have lost the right)', async () => {
      await send('rights');
      const nobody = { token: null, headers: { 'Task-tag': 'rights' } };
      expect((await peers.host.client.post('/replayed', {}, nobody)).status).toBe(401);
    });
  },
);
