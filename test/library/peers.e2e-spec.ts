import {
  ConflictException,
  GatewayTimeoutException,
  InternalServerErrorException,
  ServiceUnavailableException,
} from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Task } from '../../src/index.js';
import { ExpiredTasks } from '../../src/tasks/retention/expired-tasks.js';
import { createDatabase } from '../support/database/database.js';
import type { Answer } from '../support/network/http.js';
import type { HostSettings } from '../support/library/library-host.js';
import { gate, type PeersHost, startPeersHost, work } from '../support/library/peers-host.js';
import { TcpProxy } from '../support/network/tcp-proxy.js';
import { until } from '../support/until.js';

/** The database that this run of the suite is for; see jest.config.js. */
declare const testDatabase: 'sqlite' | 'mariadb' | 'postgres';

const DAY_MS = 86_400_000;
const DUPLICATE = { status: 409, json: { code: 'DUPLICATE_REQUEST' } };

/** How a database tells what becomes of its tables in a crash, and what of one that is kept. */
const TABLE_KINDS = {
  postgres: [
    `SELECT relpersistence AS kind FROM pg_class WHERE relkind = 'r' AND relname LIKE 'task%'`,
    'kind',
    'p',
  ],
  mariadb: [`SHOW TABLE STATUS LIKE 'task%'`, 'Engine', 'InnoDB'],
} as const;

/**
 * What was seen to go wrong in packages that do a part of this. Each test has the name of the package, and says what
 * went wrong there; what it shows is that this does not happen here. `peers-replay.e2e-spec.ts` has the rest.
 */
describe.each<HostSettings>([{ platform: 'express' }, { platform: 'fastify', rawBody: true }])(
  'what went wrong elsewhere does not with %o',
  (settings) => {
    let peers: PeersHost;
    /** The host's clock, ahead by this. */
    let aheadMs = 0;
    const { send, find } = {
      send: (...given: Parameters<PeersHost['send']>) => peers.send(...given),
      find: (...given: Parameters<PeersHost['find']>) => peers.find(...given),
    };
    beforeAll(async () => {
      const options = { now: () => Date.now() + aheadMs, retentionMs: 40 * DAY_MS };
      peers = await startPeersHost({ ...settings, options });
    });
    afterAll(() => peers.host.close());
    beforeEach(() => {
      aheadMs = 0;
      work.reset();
    });

    const dataSource = () => peers.host.app.get<DataSource>(getDataSourceToken());
    /** As the host does each minute. */
    const dropExpired = async () => {
      const expired = peers.host.app.get(ExpiredTasks, { strict: false });
      const { expired: found } = await expired.page('', 10_000);
      const uuids = found.map((task) => task.uuid);
      if (uuids.length > 0) await expired.drop(uuids);
    };

    describe('@node-idempotency/nestjs', () => {
      it('a void handler, the second time: 500', async () => {
        expect(await send('void', {}, '/things/void')).toMatchObject({ status: 202, text: '' });
        expect(await send('void', {}, '/things/void')).toMatchObject({
          ...DUPLICATE,
          json: { task: { state: 'success', accepted: true } },
        });
        expect(work.calls).toBe(1);
      });

      it("another tenant's request with the same key and body: the first one's answer", async () => {
        work.act = (_, { user }) => ({ secretOf: user.tenant });
        expect((await send('tenants', { n: 1 })).json).toEqual({ secretOf: 'a' });
        const theirs = await send('tenants', { n: 1 }, '/things', { user: 'b/ben' });
        expect(theirs).toMatchObject({ status: 201, json: { secretOf: 'b' } });
        expect(await find('tenants', 'b/ben')).toMatchObject([{ user_id: 'ben' }]);
        expect(await find('tenants', 'c/cy')).toEqual([]);
      });

      it('a 503, kept for a day: the handler is never called again', async () => {
        work.act = (n) => {
          if (n === 1) throw new ServiceUnavailableException();
          return { n };
        };
        expect((await send('503')).status).toBe(503);
        // Nobody knows how far it came, so it is not done again before the host has found out.
        const refused = await send('503');
        expect(refused).toMatchObject({ ...DUPLICATE, json: { task: { state: 'unknown', accepted: null } } });
        const fault = { code: 503, message: 'The warehouse never got it.' };
        expect(await peers.tasks.settle(refused.json.task.uuid, { state: 'rejected', fault })).toBe(true);
        expect(await send('503')).toMatchObject({ status: 201, json: { n: 2 } });
      });

      it('an answer that is a stream: the key is stuck, and a file comes back as its insides', async () => {
        const paths = settings.platform === 'fastify' ? ['file', 'readable'] : ['file'];
        for (const path of paths) {
          const first = await send(`stream ${path}`, {}, `/things/${path}`);
          expect([first.status, first.text]).toEqual([201, path === 'file' ? 'a file' : 'a stream']);
          expect(await send(`stream ${path}`, {}, `/things/${path}`)).toMatchObject({
            ...DUPLICATE,
            json: { task: { state: 'success' } },
          });
        }
        expect(work.calls).toBe(paths.length);
      });

      it('the store fails when the handler is done: 500 for what succeeded, and 409 for a day', async () => {
        work.act = async () => {
          await dataSource().query('ALTER TABLE tasks RENAME TO tasks_away');
          return { id: 7 };
        };
        const first = await send('store fails').finally(() =>
          dataSource().query('ALTER TABLE tasks_away RENAME TO tasks'),
        );
        expect(first).toMatchObject({ status: 201, json: { id: 7 } });
        const second = await send('store fails');
        expect(second).toMatchObject(DUPLICATE);
        // It is on record that this is not known, and the host can say it.
        expect(['pending', 'unknown']).toContain(second.json.task.state);
        expect(await peers.tasks.settle(second.json.task.uuid, { state: 'success' })).toBe(true);
        expect((await send('store fails')).json.task).toMatchObject({ state: 'success' });
        expect(work.calls).toBe(1);
      });

      it('the same JSON in another order: 422', async () => {
        expect((await send('order', { a: 1, b: { c: 2, d: 3 } })).status).toBe(201);
        expect(await send('order', { b: { d: 3, c: 2 }, a: 1 })).toMatchObject(DUPLICATE);
        expect(work.calls).toBe(1);
      });

      it('the record is gone when the race for it is lost: the handler runs without one', async () => {
        // Rejected five times, each of which frees the key for the others that race for it.
        work.act = (n) => {
          if (n <= 5) throw new ConflictException('not yet');
          return { n };
        };
        const answers: Answer[] = [];
        const sendUntilAccepted = async () => {
          for (;;) {
            const answer = await send('race');
            answers.push(answer);
            if (answer.status === 201 || answer.json.task?.accepted === true) return;
          }
        };
        await Promise.all(Array.from({ length: 8 }, sendUntilAccepted));
        expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
        expect(work.calls).toBe(6);
        expect(await find('race')).toHaveLength(6);
      });

      it('what has expired still holds its key: nobody may send it again', async () => {
        expect((await send('expired')).status).toBe(201);
        const [{ uuid }] = await find('expired');
        aheadMs = 41 * DAY_MS;
        await dropExpired();
        await until('the old task to leave', async () => (await find('expired')).length === 0);
        expect((await send('expired')).status).toBe(201);
        expect((await find('expired'))[0].uuid).not.toBe(uuid);
      });

      if (testDatabase !== 'sqlite') {
        it('the table is emptied when the database crashes, since it is UNLOGGED', async () => {
          const [statement, column, kept] = TABLE_KINDS[testDatabase];
          const rows: Record<string, string>[] = await dataSource().query(statement);
          expect(rows.length).toBeGreaterThan(1);
          for (const row of rows) expect(row[column]).toBe(kept);
        });
      }

      it('a long key and a long URL together do not fit into a column', async () => {
        const tag = 'k'.repeat(255);
        const path = `/things?${'q=1&'.repeat(1500)}`;
        expect((await send(tag, {}, path)).status).toBe(201);
        expect(await send(tag, {}, path)).toMatchObject(DUPLICATE);
        expect((await send(`${tag}k`, {}, path)).json).toMatchObject({
          statusCode: 400,
          code: 'INVALID_TAG',
        });
      });
    });

    describe('@nestarc/idempotency', () => {
      it('requests that differ in the query are the same one', async () => {
        expect((await send('query', {}, '/things?force=1')).json).toEqual({ id: 1 });
        expect((await send('query', {}, '/things?force=2')).json).toEqual({ id: 2 });
        expect(await find('query')).toHaveLength(2);
      });

      it('504 after the thing was done: it is done again', async () => {
        work.act = () => {
          throw new GatewayTimeoutException();
        };
        expect((await send('504')).status).toBe(504);
        expect(await send('504')).toMatchObject({ ...DUPLICATE, json: { task: { state: 'unknown' } } });
        expect(work.calls).toBe(1);
      });

      it('a handler that answers by itself is called each time', async () => {
        expect((await send('by itself', {}, '/things/by-itself')).text).toBe('done');
        expect(await send('by itself', {}, '/things/by-itself')).toMatchObject(DUPLICATE);
        expect(work.calls).toBe(1);
      });

      it('what is to be kept for more than 24.8 days is gone after a millisecond', async () => {
        expect((await send('25 days')).status).toBe(201);
        aheadMs = 39 * DAY_MS;
        await dropExpired();
        expect(await send('25 days')).toMatchObject(DUPLICATE);
        expect(work.calls).toBe(1);
      });

      it('what a pipe refuses is written and deleted again, and nobody can tell', async () => {
        expect((await send('pipe', { n: 'x' }, '/things/numbers')).status).toBe(400);
        expect(await find('pipe')).toMatchObject([
          {
            state: 'failure',
            accepted: false,
            fault: { code: 400, message: expect.stringMatching(/numeric/) },
          },
        ]);
        expect((await send('pipe', { n: 1 }, '/things/numbers')).status).toBe(201);
        expect(work.calls).toBe(1);
      });
    });

    describe('express-idempotency', () => {
      it('a replay calls the handler, which must ask whether it is one', async () => {
        await send('hit');
        for (let n = 0; n < 3; n += 1) expect(await send('hit')).toMatchObject(DUPLICATE);
        expect(work.calls).toBe(1);
      });

      it('a client says by a header that it was done, and it is not done', async () => {
        const headers = { 'X-Hit': 'true', 'Task-replayed': 'true' };
        expect(await send('spoofed', {}, '/things', { headers })).toMatchObject({ status: 201 });
        expect(work.calls).toBe(1);
      });

      it('a handler that ends the answer by itself: 409 for ever, and nobody knows of what', async () => {
        await send('end', {}, '/things/by-itself');
        await until('its end on record', async () => (await find('end'))[0].state === 'success');
        expect(await send('end', {}, '/things/by-itself')).toMatchObject({
          ...DUPLICATE,
          json: { task: { accepted: true } },
        });
      });
    });

    describe('idempot-js', () => {
      it('two requests with equal bodies and keys of their own: 409, also on another URL', async () => {
        expect((await send('key one', { reboot: 'hard' })).status).toBe(201);
        expect((await send('key two', { reboot: 'hard' })).status).toBe(201);
        expect((await send('key three', { reboot: 'hard' }, '/things/others')).status).toBe(201);
      });

      it("another tenant with the first one's key gets its answer from another URL", async () => {
        work.act = (_, { user }) => ({ secretOf: user.tenant });
        await send('urls', { n: 1 });
        const theirs = await send('urls', { n: 1 }, '/things/others', { user: 'b/ben' });
        expect(theirs.json).toEqual({ secretOf: 'b' });
      });

      it('a short key is refused', async () => {
        expect((await send('1')).status).toBe(201);
        expect(await find('1')).toHaveLength(1);
      });

      it('a key with a comma is refused', async () => {
        expect((await send('one, two')).status).toBe(201);
        expect(await send('one, two')).toMatchObject(DUPLICATE);
        expect((await send('one')).status).toBe(201);
      });

      it('the client hangs up while the handler works: it finishes, and 409 for a day', async () => {
        const { wait, open } = gate();
        work.act = async () => {
          await wait;
          return { id: 1 };
        };
        const client = new AbortController();
        const url = `${peers.host.client.url}/things`;
        const headers = { 'X-User': 'a/ann', 'Task-tag': 'hung up', 'Content-Type': 'application/json' };
        const sent = fetch(url, { method: 'POST', headers, body: '{}', signal: client.signal });
        await until('the handler to begin', () => work.calls === 1);
        client.abort();
        await expect(sent).rejects.toThrow();
        open();
        await until('its end on record', async () => (await find('hung up'))[0].state === 'success');
        expect(await send('hung up')).toMatchObject({ ...DUPLICATE, json: { task: { state: 'success' } } });
      });
    });

    describe('hono-idempotency and Powertools for Lambda', () => {
      it('whoever is late ends what is no longer his, since no write asks whose it is', async () => {
        work.act = (n) => {
          if (n === 1) throw new ConflictException('sold out');
          return { n };
        };
        await send('owner');
        await send('owner');
        const [second, first] = await find('owner');
        const fault = { code: 409, message: 'late' };
        expect(await peers.tasks.settle(first.uuid, { state: 'rejected', fault })).toBe(false);
        expect(await peers.tasks.settle(second.uuid, { state: 'rejected', fault })).toBe(false);
        expect(await send('owner')).toMatchObject({
          ...DUPLICATE,
          json: { task: { uuid: second.uuid, state: 'success' } },
        });
        expect(work.calls).toBe(2);
      });

      it('keys that differ in case alone keep their order, so that equal bodies are two', async () => {
        await send('case', { A: 1, a: 2 });
        expect(await send('case', { a: 2, A: 1 })).toMatchObject(DUPLICATE);
        expect((await send('case', { a: 1, A: 2 })).status).toBe(201);
      });

      it('a lease ends while the handler works, and it is done a second time', async () => {
        const { wait, open } = gate();
        work.act = () => wait;
        const first = send('lease');
        await until('the handler to begin', () => work.calls === 1);
        const [{ uuid }] = await find('lease');
        aheadMs = 30 * DAY_MS;
        // Its process, or one that takes it for dead, has looked at it since.
        await until('a look', async () => {
          const row = await dataSource().getRepository(Task).findOneByOrFail({ uuid });
          return (row.nextLook ?? 0) > Date.now() + 29 * DAY_MS;
        });
        expect(await send('lease')).toMatchObject({ ...DUPLICATE, json: { task: { accepted: null } } });
        open();
        expect((await first).status).toBe(201);
        expect(work.calls).toBe(1);
      });
    });

    describe('@nestjs-redisx/idempotency', () => {
      it('whoever was given up writes over what has been found out since', async () => {
        const { wait, open } = gate();
        work.act = async () => {
          await wait;
          throw new InternalServerErrorException();
        };
        const first = send('given up');
        await until('the handler to begin', () => work.calls === 1);
        const [{ uuid }] = await find('given up');
        const resource = { thing: '7' };
        expect(await peers.tasks.settle(uuid, { state: 'success', resource })).toBe(true);
        open();
        expect((await first).status).toBe(500);
        expect(await find('given up')).toMatchObject([{ state: 'success', resource }]);
      });

      it('the end is written after the answer has gone: whoever asks at once is told something else', async () => {
        for (let n = 0; n < 20; n += 1) {
          await send(`at once ${n}`);
          expect(await find(`at once ${n}`)).toMatchObject([{ state: 'success' }]);
        }
      });
    });
  },
);

describe('with one request for each tag', () => {
  it('@node-idempotency/nestjs: another body while the first is under way is told nothing of that', async () => {
    const { send, host } = await startPeersHost({ platform: 'express', options: { tagReuse: 'refuse' } });
    try {
      work.reset();
      const { wait, open } = gate();
      work.act = () => wait;
      const first = send('in flight', { n: 1 });
      await until('the handler to begin', () => work.calls === 1);
      const other = await send('in flight', { n: 2 });
      expect(other).toMatchObject({ status: 409, json: { code: 'TAG_IN_USE' } });
      expect(other.json.message).toMatch(/another body/);
      open();
      expect((await first).status).toBe(201);
      expect(work.calls).toBe(1);
    } finally {
      await host.close();
    }
  });

  it('@node-idempotency/nestjs: a missing key has the code of one that is too long', async () => {
    const { host } = await startPeersHost({ platform: 'express', options: { tagRequired: true } });
    try {
      const call = { token: null, headers: { 'X-User': 'a/ann' } };
      expect((await host.client.post('/things', {}, call)).json).toMatchObject({
        statusCode: 400,
        code: 'MISSING_TAG',
      });
    } finally {
      await host.close();
    }
  });
});

// A SQLite file does not go away.
if (testDatabase !== 'sqlite') {
  describe('while the database is down', () => {
    it('@nestarc/idempotency: each request is a 500, and nobody can choose', async () => {
      work.reset();
      const database = await createDatabase();
      const proxy = await TcpProxy.to(database.url);
      const { send, host } = await startPeersHost({
        platform: 'fastify',
        database: { ...database, url: proxy.url },
        options: { unrecorded: 'pass' },
      });
      try {
        await proxy.cut();
        const refused = await send('down');
        expect(refused).toMatchObject({ status: 503, json: { code: 'DATABASE_DOWN' } });
        expect(work.calls).toBe(0);
        // Without a tag, as the host has chosen.
        const call = { token: null, headers: { 'X-User': 'a/ann' } };
        expect((await host.client.post('/things', {}, call)).status).toBe(201);
        await proxy.open();
        expect((await send('down')).status).toBe(201);
      } finally {
        await host.close();
        await proxy.cut();
      }
    });
  });
}
