import {
  ConflictException,
  GatewayTimeoutException,
  InternalServerErrorException,
  ServiceUnavailableException,
} from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { TaskProcess } from '../../src/tasks/following/task-process.entity.js';
import { ExpiredTasks } from '../../src/tasks/retention/expired-tasks.js';
import type { HostSettings } from '../support/library/library-host.js';
import { gate, type PeersHost, startPeersHost, work } from '../support/library/peers-host.js';
import type { Answer } from '../support/network/http.js';
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
 * What was seen to go wrong in packages that do a part of this. Each test says what holds here, and in brackets what another
 * package does. The rest: `peers.e2e-spec.ts`, `peers-replay.e2e-spec.ts`.
 */
describe.each<HostSettings>([{ platform: 'express' }, { platform: 'fastify', rawBody: true }])(
  'how tasks end, where other packages differ: with %o',
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
    it('after a 503 the request is refused until the host says what happened, and then carried out (@node-idempotency/nestjs: 503 for a day)', async () => {
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

    it('what succeeded is answered as a success when the database fails at its end, and the host can settle it (@node-idempotency/nestjs: 500, then 409 for a day)', async () => {
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

    it('requests that race for a tag each have a task when they run (@node-idempotency/nestjs: without a record)', async () => {
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

    it('a task that has expired frees its tag (@node-idempotency/nestjs: the key is held)', async () => {
      expect((await send('expired')).status).toBe(201);
      const [{ uuid }] = await find('expired');
      aheadMs = 41 * DAY_MS;
      await dropExpired();
      await until('the old task to leave', async () => (await find('expired')).length === 0);
      expect((await send('expired')).status).toBe(201);
      expect((await find('expired'))[0].uuid).not.toBe(uuid);
    });

    if (testDatabase !== 'sqlite') {
      it('the tables survive a crash of the database (@node-idempotency/nestjs: UNLOGGED)', async () => {
        const [statement, column, kept] = TABLE_KINDS[testDatabase];
        const rows: Record<string, string>[] = await dataSource().query(statement);
        expect(rows.length).toBeGreaterThan(1);
        for (const row of rows) expect(row[column]).toBe(kept);
      });
    }

    it('after a 504 nothing is done again (@nestarc/idempotency: it is)', async () => {
      work.act = () => {
        throw new GatewayTimeoutException();
      };
      expect((await send('504')).status).toBe(504);
      expect(await send('504')).toMatchObject({ ...DUPLICATE, json: { task: { state: 'unknown' } } });
      expect(work.calls).toBe(1);
    });

    it('what is kept for more than 24.8 days is still refused then (@nestarc/idempotency: gone after a millisecond)', async () => {
      expect((await send('25 days')).status).toBe(201);
      aheadMs = 39 * DAY_MS;
      await dropExpired();
      expect(await send('25 days')).toMatchObject(DUPLICATE);
      expect(work.calls).toBe(1);
    });

    it('what a pipe rejects is on record as a failure, and its tag is free (@nestarc/idempotency: deleted without a trace)', async () => {
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

    it('the refusal names the task of a handler that sent its answer itself (express-idempotency: 409 for ever, without a word of what)', async () => {
      await send('end', {}, '/things/by-itself');
      await until('its end on record', async () => (await find('end'))[0].state === 'success');
      expect(await send('end', {}, '/things/by-itself')).toMatchObject({
        ...DUPLICATE,
        json: { task: { accepted: true } },
      });
    });

    it('a request whose client hung up ends, and its refusal says how (idempot-js: 409 for a day)', async () => {
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

    it('an outcome that comes late changes no other task (hono-idempotency, Powertools for Lambda: no write asks whose it is)', async () => {
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

    it('a handler that works longer than any lease is not doubled (hono-idempotency, Powertools for Lambda: done a second time)', async () => {
      const { wait, open } = gate();
      work.act = () => wait;
      const first = send('lease');
      await until('the handler to begin', () => work.calls === 1);
      aheadMs = 30 * DAY_MS;
      // Its process has said since that it lives.
      await until('a heartbeat', async () => {
        const processes = await dataSource().getRepository(TaskProcess).find();
        return processes.some(({ aliveUntil }) => aliveUntil > Date.now() + 29 * DAY_MS);
      });
      expect(await send('lease')).toMatchObject({ ...DUPLICATE, json: { task: { accepted: null } } });
      open();
      expect((await first).status).toBe(201);
      expect(work.calls).toBe(1);
    });

    it('what the host has settled is not written over by a late handler (@nestjs-redisx/idempotency: it is)', async () => {
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

    it('the end is on record before the answer goes out (@nestjs-redisx/idempotency: after it)', async () => {
      for (let n = 0; n < 20; n += 1) {
        await send(`at once ${n}`);
        expect(await find(`at once ${n}`)).toMatchObject([{ state: 'success' }]);
      }
    });
  },
);
