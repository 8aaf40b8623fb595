import fc from 'fast-check';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { TASKS_ENTITIES, TASKS_MIGRATIONS } from '../../src/index.js';
import { SCHEMA } from '../../src/schema.js';
import { keyText } from '../../src/storage/bytes.js';
import { MysqlRows } from '../../src/storage/mysql/rows.js';
import { idBytes } from '../../src/storage/packed-ids.js';
import { storageOf } from '../../src/storage/storage-of.js';
import type { GroupedRows, RowChange } from '../../src/storage/storage.js';
import { togetherOrApart } from '../../src/tasks/recording/together-or-apart.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { trials } from '../support/trials.js';

declare const testDatabase: TestDatabase['kind'];

const BYTES = testDatabase === 'postgres' ? 'bytea' : 'blob';

const TABLE = {
  name: 'tasks',
  columns: [
    'uuid',
    'project_id',
    'user_id',
    'duplicate_key',
    'task',
    'state',
    'request_id',
    'fault_code',
    'start_time',
    'last_updated',
  ],
  types: new Map([
    ...['uuid', 'project_id', 'user_id', 'duplicate_key', 'request_id'].map((name) => [name, BYTES] as const),
    ['fault_code', 'integer'],
    ['start_time', 'bigint'],
    ['last_updated', 'bigint'],
  ]),
  unique: 'duplicate_key',
  state: 'state',
};

describe('rows that are written in groups', () => {
  let databases: TestDatabase[];
  let sources: DataSource[];
  beforeAll(async () => {
    databases = [await createDatabase(), await createDatabase()];
    sources = await Promise.all(
      databases.map(async ({ kind, url }) =>
        new DataSource(
          kind === 'postgres'
            ? { type: 'postgres', url, entities: TASKS_ENTITIES, migrations: TASKS_MIGRATIONS }
            : await dataSourceOptions(url, SCHEMA),
        ).initialize(),
      ),
    );
    for (const source of sources) await source.runMigrations();
  });
  afterAll(async () => {
    for (const source of sources) await source.destroy();
    for (const database of databases) await database.drop();
  });

  const uuid = fc.nat({ max: 25 }).map((n) => Buffer.alloc(16, n));
  const state = fc.constantFrom('pending', 'unknown', 'processing', 'success');
  const key = fc.option(fc.nat({ max: 6 }).map((n) => Buffer.alloc(32, n)));
  /** One in twenty is bad: the database refuses it. */
  const project = fc.option(fc.constant(idBytes('demo')), { freq: 20 });
  const insert = fc.uniqueArray(
    fc
      .tuple(
        uuid,
        project,
        fc.constantFrom('alice', "o'hara\\", '😀').map(idBytes),
        key,
        fc.constant('create'),
        state,
      )
      .map((row) => [...row, null, null, 1, 1]),
    { maxLength: 12, selector: ([id]) => keyText(id) },
  );
  /** A group with a bad row falls apart, and who is first of those with the same key is then anybody's. */
  const isTold = (rows: unknown[][]) => {
    const keys = rows
      .map((row) => row[3])
      .filter((one) => one !== null)
      .map(keyText);
    return rows.every((row) => row[1] !== null) || new Set(keys).size === keys.length;
  };
  const change = fc.uniqueArray(
    fc.record<RowChange>({
      key: uuid,
      from: fc.constantFrom(['pending'], ['pending', 'unknown'], ['pending', 'unknown', 'processing']),
      values: fc.oneof(
        fc.record({ state, last_updated: fc.nat() }),
        fc.record({
          state,
          request_id: fc.option(fc.constantFrom('req-1', "req-'2").map(idBytes)),
          fault_code: fc.option(fc.nat()),
        }),
        fc.record({ state, duplicate_key: fc.constant(null) }),
      ),
    }),
    { maxLength: 12, selector: (one) => keyText(one.key) },
  );
  const step = fc.oneof(
    insert.filter(isTold).map((rows) => ({ rows })),
    change.map((changes) => ({ changes })),
  );

  const kinds: [string, (source: DataSource) => GroupedRows][] = [
    [testDatabase, (source) => storageOf(source).rows(TABLE)],
    // MySQL's statements are understood by MariaDB too.
    ...(testDatabase === 'mariadb'
      ? [['mysql', (source) => new MysqlRows(source, TABLE)] satisfies (typeof kinds)[0]]
      : []),
  ];

  it.each(kinds)('%s: come out as if each had been written by itself, bad rows too', async (_, rowsOf) => {
    const [together, apart] = sources.map(rowsOf) as [GroupedRows, GroupedRows];
    const outcome = (results: PromiseSettledResult<boolean>[]) =>
      results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed'));
    const inGroup = <Item>(items: Item[], write: (items: Item[]) => Promise<boolean[]>) =>
      togetherOrApart(items, write).catch((reason: unknown) =>
        items.map(() => ({ status: 'rejected' as const, reason })),
      );
    const oneByOne = async <Item>(items: Item[], write: (items: Item[]) => Promise<boolean[]>) => {
      const results: PromiseSettledResult<boolean>[] = [];
      for (const item of items)
        results.push(...(await Promise.allSettled([write([item]).then(([made]) => made === true)])));
      return results;
    };
    const contents = (source: DataSource): Promise<unknown[]> =>
      source.query('SELECT * FROM tasks ORDER BY uuid');

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        for (const source of sources) await source.query('DELETE FROM tasks');
        const known = new Set<string>();
        for (const one of steps) {
          if ('rows' in one) {
            // A uuid is never made twice.
            const rows: unknown[][] = one.rows.filter(([id]) => !known.has(keyText(id)));
            rows.forEach(([id]) => known.add(keyText(id)));
            if (rows.length === 0) continue;
            const results = await inGroup(rows, (some) => together.insert(some));
            expect(outcome(results)).toEqual(outcome(await oneByOne(rows, (some) => apart.insert(some))));
          } else if (one.changes.length > 0) {
            const results = await inGroup(one.changes, (some) => together.change(some));
            const alone = await oneByOne(one.changes, (some) => apart.change(some));
            expect(outcome(results)).toEqual(outcome(alone));
          }
          expect(await contents(sources[0] as DataSource)).toEqual(await contents(sources[1] as DataSource));
        }
      }),
      { numRuns: trials(60) },
    );
  });

  if (testDatabase === 'sqlite') {
    it('are not there at all when the disk is full in the middle of a group, and are when there is room', async () => {
      const [source] = sources as [DataSource];
      const rows = Array.from({ length: 100 }, (_, n) => [
        Buffer.from(`full ${n}`.padEnd(16)),
        idBytes('demo'),
        idBytes('u'.repeat(2000)),
        null,
        'create',
        'pending',
        null,
        null,
        1,
        1,
      ]);
      const there = () => source.query('SELECT uuid FROM tasks WHERE length(user_id) = 2000');
      const write = () => togetherOrApart(rows, (some) => storageOf(source).rows(TABLE).insert(some));
      await source.query('VACUUM');
      const [{ page_count: pages }] = await source.query<[{ page_count: number }]>('PRAGMA page_count');
      await source.query(`PRAGMA max_page_count = ${pages + 20}`);
      await expect(write()).rejects.toMatchObject({ code: 'SQLITE_FULL' });
      expect(await there()).toEqual([]);
      await source.query('PRAGMA max_page_count = 1000000');
      await write();
      expect(await there()).toHaveLength(rows.length);
    });
  }
});
