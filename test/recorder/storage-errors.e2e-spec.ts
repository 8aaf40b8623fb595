import type { DataSource } from 'typeorm';
import { UnusableDatabaseError } from '../../src/storage/database.errors.js';
import {
  isDeadlock,
  isLockTimeout,
  isMissingTable,
  isOutOfReach,
  isPerhapsOneRows,
  isUniqueViolation,
} from '../../src/storage/driver-errors.js';
import { KINDS, storageOf } from '../../src/storage/storage-of.js';
import { StorageBench, TABLE, TYPES } from '../support/database/storage.js';
import { TcpProxy } from '../support/network/tcp-proxy.js';

const MEANINGS = {
  isDeadlock,
  isLockTimeout,
  isMissingTable,
  isOutOfReach,
  isPerhapsOneRows,
  isUniqueViolation,
};

/** The meanings of an error that a database, or its driver, has given. */
const meaningsOf = async (failing: Promise<unknown>) => {
  const error: unknown = await failing.then(
    () => Promise.reject(new Error('it did not fail')),
    (reason: unknown) => reason,
  );
  return Object.entries(MEANINGS)
    .filter(([, isMeant]) => isMeant(error))
    .map(([name]) => name);
};

describe('storages', () => {
  it('are refused by name for a database that none of them is for', () => {
    const source = { options: { type: 'oracle' } } as unknown as DataSource;
    expect(() => storageOf(source)).toThrow(UnusableDatabaseError);
    expect(() => storageOf(source)).toThrow(/of the type oracle: it must be better-sqlite3, mariadb, mysql/);
    expect(Object.keys(KINDS)).toEqual(['better-sqlite3', 'mariadb', 'mysql', 'postgres']);
  });
});

describe.each(TYPES)('an error of a storage (%s)', (type) => {
  let bench: StorageBench;
  beforeAll(async () => {
    bench = await StorageBench.open(type);
  });
  afterEach(() => bench.empty());
  afterAll(() => bench.close());

  const commit = (sql: string) => bench.storage.commit([{ sql, parameters: [] }]);
  const insertion = (values: string) => `INSERT INTO t (id, name, state, note) VALUES (${values})`;
  const isServer = type !== 'better-sqlite3';

  it.each([
    ['unique text', "'b', 'x', 's', null"],
    ['key', "'a', 'y', 's', null"],
  ])('says that a %s is taken, over TypeORM or past it', async (_, values) => {
    await commit(insertion("'a', 'x', 's', null"));
    for (const way of [commit, (sql: string) => bench.source.query(sql)])
      expect(await meaningsOf(way(insertion(values)))).toEqual(['isPerhapsOneRows', 'isUniqueViolation']);
  });

  it.each([
    ['table', 'UPDATE nowhere SET x = 1'],
    ['column', 'UPDATE t SET missing = 1'],
    ['column to write', 'INSERT INTO t (id, missing) VALUES (1, 2)'],
  ])('says that a %s is not there, over TypeORM or past it', async (_, sql) => {
    for (const way of [commit, (text: string) => bench.source.query(text)])
      expect(await meaningsOf(way(sql))).toContain('isMissingTable');
    expect(await meaningsOf(commit(sql))).not.toContain('isOutOfReach');
  });

  it('says that a value is no value of its column', async () => {
    const bad: unknown[][] = [['a', null, null, null, null]];
    if (isServer) bad.push(['a', 'long'.repeat(20), 's', null, null]);
    for (const row of bad) expect(await meaningsOf(bench.rows.insert([row]))).toEqual(['isPerhapsOneRows']);
  });

  it('says that the database takes nothing now', async () => {
    if (isServer) {
      const proxy = await TcpProxy.to(bench.url);
      const source = await StorageBench.source(type, proxy.url);
      await proxy.cut();
      const rows = storageOf(source).rows(TABLE);
      expect(await meaningsOf(rows.insert([['a', null, 's', null, null]]))).toEqual(['isOutOfReach']);
      expect(await meaningsOf(storageOf(source).commit([]))).toEqual(['isOutOfReach']);
      await source.destroy().catch(() => undefined);
    } else {
      await bench.source.query('PRAGMA query_only = 1');
      expect(await meaningsOf(bench.rows.insert([['a', null, 's', null, null]]))).toEqual(['isOutOfReach']);
      await bench.source.query('PRAGMA query_only = 0');
    }
  });

  if (!isServer) return;

  describe('with somebody else at work', () => {
    const others = async <T>(
      work: (first: DataSource['manager'], second: DataSource['manager']) => Promise<T>,
    ) => {
      const runners = bench.sources.map((source) => source.createQueryRunner());
      for (const runner of runners) await runner.startTransaction('READ COMMITTED');
      try {
        const [first, second] = runners.map(({ manager }) => manager);
        return await work(first as DataSource['manager'], second as DataSource['manager']);
      } finally {
        for (const runner of runners) {
          if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
          await runner.release();
        }
      }
    };

    it('says that a statement has lost a deadlock', async () => {
      await bench.rows.insert(['a', 'b'].map((id) => [id, null, 's', null, null]));
      const lock = (id: string) => `UPDATE t SET due = 1 WHERE id = '${id}'`;
      await others(async (first, second) => {
        await first.query(lock('a'));
        await second.query(lock('b'));
        const all = await Promise.allSettled([first.query(lock('b')), second.query(lock('a'))]);
        const [lost, ...more] = all.filter((one) => one.status === 'rejected');
        expect(more).toEqual([]);
        expect(await meaningsOf(Promise.reject(lost?.reason as Error))).toEqual([
          'isDeadlock',
          'isOutOfReach',
          'isPerhapsOneRows',
        ]);
      });
    });

    it('says that a row was locked for too long', async () => {
      await bench.rows.insert([['a', null, 's', null, null]]);
      await others(async (first, second) => {
        await first.query("UPDATE t SET due = 1 WHERE id = 'a'");
        await second.query(
          type === 'postgres'
            ? "SET LOCAL lock_timeout = '50ms'"
            : 'SET SESSION innodb_lock_wait_timeout = 1',
        );
        expect(await meaningsOf(second.query("UPDATE t SET due = 2 WHERE id = 'a'"))).toEqual([
          'isLockTimeout',
          'isOutOfReach',
          'isPerhapsOneRows',
        ]);
      });
    });
  });
});

describe.each(TYPES)('the check of a storage (%s)', (type) => {
  let bench: StorageBench;
  beforeAll(async () => {
    bench = await StorageBench.open(type);
  });
  afterAll(() => bench.close());

  it('passes a usable database', async () => {
    await expect(bench.storage.check()).resolves.toBeUndefined();
  });

  if (type !== 'mariadb' && type !== 'mysql') return;

  it.each([
    ["SET SESSION sql_mode = ''", /sql_mode is not strict/],
    ["SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES')", /NO_BACKSLASH_ESCAPES/],
    ['SET SESSION autocommit = 0', /autocommit off/],
  ])('refuses a setting under which a promise would not hold: %s', async (setting, text) => {
    const source = await StorageBench.source(type, bench.url);
    // Nobody else has asked for a connection, so it is the one that the check gets.
    await source.query(setting);
    await expect(storageOf(source).check()).rejects.toThrow(text);
    await source.destroy();
  });
});
