import { createDatabase } from '../support/database/database.js';
import type { HostSettings } from '../support/library/library-host.js';
import { gate, type PeersHost, startPeersHost, work } from '../support/library/peers-host.js';
import { TcpProxy } from '../support/network/tcp-proxy.js';
import { until } from '../support/until.js';

/** The database that this run of the suite is for; see jest.config.js. */
declare const testDatabase: 'sqlite' | 'mariadb' | 'postgres';

const DUPLICATE = { status: 409, json: { code: 'DUPLICATE_REQUEST' } };

/**
 * What was seen to go wrong in packages that do a part of this. Each test says what holds here, and in brackets what another
 * package does. The rest: `peers-outcomes.e2e-spec.ts`, `peers-replay.e2e-spec.ts`.
 */
describe.each<HostSettings>([{ platform: 'express' }, { platform: 'fastify', rawBody: true }])(
  'which requests are the same, where other packages differ: with %o',
  (settings) => {
    let peers: PeersHost;
    const { send, find } = {
      send: (...given: Parameters<PeersHost['send']>) => peers.send(...given),
      find: (...given: Parameters<PeersHost['find']>) => peers.find(...given),
    };
    beforeAll(async () => {
      peers = await startPeersHost(settings);
    });
    afterAll(() => peers.host.close());
    beforeEach(() => work.reset());

    it('a handler that returns nothing runs once, and its duplicate is refused (@node-idempotency/nestjs: 500)', async () => {
      expect(await send('void', {}, '/things/void')).toMatchObject({ status: 202, text: '' });
      expect(await send('void', {}, '/things/void')).toMatchObject({
        ...DUPLICATE,
        json: { task: { state: 'success', accepted: true } },
      });
      expect(work.calls).toBe(1);
    });

    it("another tenant's equal request is carried out, and gets its own answer (@node-idempotency/nestjs: the first one's answer)", async () => {
      work.act = (_, { user }) => ({ secretOf: user.tenant });
      expect((await send('tenants', { n: 1 })).json).toEqual({ secretOf: 'a' });
      const theirs = await send('tenants', { n: 1 }, '/things', { user: 'b/ben' });
      expect(theirs).toMatchObject({ status: 201, json: { secretOf: 'b' } });
      expect(await find('tenants', 'b/ben')).toMatchObject([{ user_id: 'ben' }]);
      expect(await find('tenants', 'c/cy')).toEqual([]);
    });

    it('a handler that answers with a stream or a file runs once (@node-idempotency/nestjs: the key is stuck, a file comes back as its insides)', async () => {
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

    it('the same JSON in another order is the same request (@node-idempotency/nestjs: 422)', async () => {
      expect((await send('order', { a: 1, b: { c: 2, d: 3 } })).status).toBe(201);
      expect(await send('order', { b: { d: 3, c: 2 }, a: 1 })).toMatchObject(DUPLICATE);
      expect(work.calls).toBe(1);
    });

    it('a long tag and a long URL together are no trouble (@node-idempotency/nestjs: they do not fit into a column)', async () => {
      const tag = 'k'.repeat(255);
      const path = `/things?${'q=1&'.repeat(1500)}`;
      expect((await send(tag, {}, path)).status).toBe(201);
      expect(await send(tag, {}, path)).toMatchObject(DUPLICATE);
      expect((await send(`${tag}k`, {}, path)).json).toMatchObject({
        statusCode: 400,
        code: 'INVALID_TAG',
      });
    });

    it('requests that differ in the query are two (@nestarc/idempotency: one)', async () => {
      expect((await send('query', {}, '/things?force=1')).json).toEqual({ id: 1 });
      expect((await send('query', {}, '/things?force=2')).json).toEqual({ id: 2 });
      expect(await find('query')).toHaveLength(2);
    });

    it('a handler that sends its answer itself runs once (@nestarc/idempotency: each time)', async () => {
      expect((await send('by itself', {}, '/things/by-itself')).text).toBe('done');
      expect(await send('by itself', {}, '/things/by-itself')).toMatchObject(DUPLICATE);
      expect(work.calls).toBe(1);
    });

    it('a duplicate does not reach the handler (express-idempotency: it does, and must ask whether it is one)', async () => {
      await send('hit');
      for (let n = 0; n < 3; n += 1) expect(await send('hit')).toMatchObject(DUPLICATE);
      expect(work.calls).toBe(1);
    });

    it('no header of a client makes a request count as done (express-idempotency: X-Hit does)', async () => {
      const headers = { 'X-Hit': 'true', 'Task-replayed': 'true' };
      expect(await send('spoofed', {}, '/things', { headers })).toMatchObject({ status: 201 });
      expect(work.calls).toBe(1);
    });

    it('equal bodies under tags of their own are requests of their own (idempot-js: 409, also on another URL)', async () => {
      expect((await send('key one', { reboot: 'hard' })).status).toBe(201);
      expect((await send('key two', { reboot: 'hard' })).status).toBe(201);
      expect((await send('key three', { reboot: 'hard' }, '/things/others')).status).toBe(201);
    });

    it("another tenant's request at another URL gets its own answer under the same tag (idempot-js: the first one's)", async () => {
      work.act = (_, { user }) => ({ secretOf: user.tenant });
      await send('urls', { n: 1 });
      const theirs = await send('urls', { n: 1 }, '/things/others', { user: 'b/ben' });
      expect(theirs.json).toEqual({ secretOf: 'b' });
    });

    it('a short tag is a tag (idempot-js: refused)', async () => {
      expect((await send('1')).status).toBe(201);
      expect(await find('1')).toHaveLength(1);
    });

    it('a tag may have a comma (idempot-js: refused)', async () => {
      expect((await send('one, two')).status).toBe(201);
      expect(await send('one, two')).toMatchObject(DUPLICATE);
      expect((await send('one')).status).toBe(201);
    });

    it('equal bodies are one request also when their keys differ in case alone (hono-idempotency, Powertools for Lambda: two)', async () => {
      await send('case', { A: 1, a: 2 });
      expect(await send('case', { a: 2, A: 1 })).toMatchObject(DUPLICATE);
      expect((await send('case', { a: 1, A: 2 })).status).toBe(201);
    });
  },
);

describe('with one request for each tag', () => {
  it('another body under a tag in use is refused with what is wrong (@node-idempotency/nestjs: without a word of it)', async () => {
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

  it('a missing tag has a code of its own (@node-idempotency/nestjs: that of one that is too long)', async () => {
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
    it('tagged requests are refused with a 503, and others pass where the host says so (@nestarc/idempotency: 500 for all)', async () => {
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
