import { ClassSerializerInterceptor, Logger } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import { map } from 'rxjs';
import type { DataSource } from 'typeorm';
import { TasksService, Tracked } from '../../src/index.js';
import {
  type HostSettings,
  itInDatabase,
  type LibraryHost,
  startHost,
} from '../support/library/library-host.js';
import { replay, ReplayedController, runs, slow } from '../support/library/replayed.controller.js';
import type { Answer, Call } from '../support/network/http.js';
import { until } from '../support/until.js';

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
      slow.letGo();
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
