import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { closeOwn, openOwn } from '../../src/storage/own-connections/own-connections.js';
import { storageOf } from '../../src/storage/storage-of.js';
import type { Key } from '../../src/storage/bytes.js';
import type { DueRows, GroupedRows } from '../../src/storage/storage.js';
import { StorageBench, TABLE, TYPES } from '../support/database/storage.js';

/** Every database is held to this; see also `storage-by-bytes.e2e-spec.ts`, `storage-errors.e2e-spec.ts`, and `groups.e2e-spec.ts` at random. */
describe.each(TYPES)('a storage (%s)', (type) => {
  let bench: StorageBench;
  let rows: GroupedRows;
  let sessions: GroupedRows[];
  beforeAll(async () => {
    bench = await StorageBench.open(type);
    rows = bench.rows;
    sessions = bench.sources.map((source) => storageOf(source).rows(TABLE));
  });
  afterEach(() => bench.empty());
  afterAll(() => bench.close());

  const row = (id: string, name: string | null = null, due: number | null = null) => [
    id,
    name,
    'pending',
    due,
    null,
  ];
  const many = (count: number) => Array.from({ length: count }, (_, n) => String(n).padStart(3, '0'));

  describe('writes new rows', () => {
    it('and reports those whose unique text was taken, before or in the same group', async () => {
      expect(await rows.insert([row('a', 'x'), row('b', 'y')])).toEqual([true, true]);
      expect(await rows.insert([row('c', 'x'), row('d', 'z'), row('e', 'z'), row('f', 'y')])).toEqual([
        false,
        true,
        false,
        false,
      ]);
      expect(await bench.there()).toEqual(['a pending', 'b pending', 'd pending']);
    });

    it('as many as there are without a unique text', async () => {
      expect(await rows.insert([row('a'), row('b')])).toEqual([true, true]);
      expect(await rows.insert([row('c')])).toEqual([true]);
    });

    it('once, when two processes write the same text at the same time', async () => {
      for (const n of many(20)) {
        const written = await Promise.all(
          sessions.map((session, who) => session.insert([row(`${n}-${who}`, n), row(`${n}-${who}-other`)])),
        );
        expect(written.map(([isFirst]) => isFirst).filter(Boolean)).toHaveLength(1);
        expect(written.map(([, isOther]) => isOther)).toEqual([true, true]);
      }
    });

    it('none of a group when one of it is refused', async () => {
      await expect(rows.insert([row('a'), ['b', null, null, null, null], row('c')])).rejects.toMatchObject({
        message: expect.any(String),
      });
      expect(await bench.there()).toEqual([]);
    });
  });

  describe('writes new rows, and then looks up texts in the second table', () => {
    const note = (name: string, gone: string | null = null) => ({
      sql: `INSERT INTO t2 (name, gone) VALUES (${bench.place(1)}, ${bench.place(2)})`,
      parameters: [name, gone],
    });

    it('and reports both', async () => {
      await bench.storage.commit([note('x'), note("t'g\\"), note('z'), note('over', '1')]);
      const group = [row('a', 'x'), row('b', 'x'), row('c'), row('d', 'over')];
      expect(await rows.insertThenFind(group, ['x', 'y', 'over'])).toEqual({
        written: [true, false, true, true],
        found: ['x'],
      });
      const { written, found } = await rows.insertThenFind([row('e')], ["t'g\\", 'z', 'none']);
      expect([written, found.sort()]).toEqual([[true], ["t'g\\", 'z']]);
      expect(await bench.there()).toEqual(['a pending', 'c pending', 'd pending', 'e pending']);
    });

    it('none of a group when one of it is refused', async () => {
      const group = [row('a'), ['b', null, null, null, null]];
      await expect(rows.insertThenFind(group, ['x'])).rejects.toMatchObject({ message: expect.any(String) });
      expect(await bench.there()).toEqual([]);
    });

    it('so that one of two sees the other: it, or who writes a text first and then looks for rows', async () => {
      const [one, other] = [sessions[0] as GroupedRows, storageOf(bench.sources[1])];
      const select = { sql: 'SELECT id FROM t WHERE name = ?' };
      for (const n of many(60)) {
        // So many that the other side may do everything while they are written.
        const crowd = many(200).map((m) => row(`${n}-${m}`));
        const [{ found }, there] = await Promise.all([
          one.insertThenFind([...crowd, row(n, n)], [n]),
          pause(Number(n) / 10)
            .then(() => other.commit([note(n)]))
            .then(() => other.select({ ...select, parameters: [n] })),
        ]);
        expect({ n, seen: found.length + there.length }).not.toEqual({ n, seen: 0 });
      }
    });
  });

  describe('changes rows', () => {
    const change = (key: string, from: string[], values: object) => ({ key, from, values: { ...values } });

    it('that are in one of the states, and reports the others', async () => {
      await rows.insert([row('a'), row('b'), row('c')]);
      await rows.change([change('b', ['pending'], { state: 'done' })]);
      const changes = ['a', 'b', 'c', 'd'].map((key) => change(key, ['pending', 'open'], { state: 'over' }));
      expect(await rows.change(changes)).toEqual([true, false, true, false]);
      expect(await bench.there()).toEqual(['a over', 'b done', 'c over']);
    });

    it('each to its own values, also to nothing, and of several columns', async () => {
      await rows.insert([row('a', 'x', 1), row('b', 'y', 2), row('c', 'z', 3)]);
      const made = await rows.change([
        change('a', ['pending'], { state: 'done', due: 5 }),
        change('b', ['pending'], { state: 'done', due: null }),
        change('c', ['pending'], { name: null, note: "it's \\ 😀" }),
      ]);
      expect(made).toEqual([true, true, true]);
      const found = await bench.storage.select({
        sql: 'SELECT name, state, due, note FROM t ORDER BY id',
        parameters: [],
      });
      expect(
        found.map((one) => [
          one['name'],
          one['state'],
          one['due'] === null ? null : Number(one['due']),
          one['note'],
        ]),
      ).toEqual([
        ['x', 'done', 5, null],
        ['y', 'done', null, null],
        [null, 'pending', 3, "it's \\ 😀"],
      ]);
    });

    it('hundreds at once', async () => {
      const keys = many(300);
      await rows.insert(keys.map((key) => row(key)));
      const changes = keys.map((key, n) => change(key, ['pending'], { state: 'done', due: n }));
      expect(await rows.change(changes)).toEqual(keys.map(() => true));
      expect(await rows.change(changes)).toEqual(keys.map(() => false));
    });

    it('once, when two processes change the same one at the same time', async () => {
      for (const n of many(20)) {
        await rows.insert([row(n), row(`${n}-other`)]);
        const made = await Promise.all(
          sessions.map((session, who) =>
            session.change([
              change(n, ['pending'], { state: `by${who}` }),
              change(`${n}-none`, ['pending'], { due: 1 }),
            ]),
          ),
        );
        expect(made.map(([isMade]) => isMade).filter(Boolean)).toHaveLength(1);
      }
    });
  });

  it('finds rows by their unique text, and takes no two texts for the same', async () => {
    // Not by spaces at the end, which MySQL's and MariaDB's collations pass over.
    const names = ['Tag', 'tag', 'täg', 'tág', '😀', "t'g\\"];
    await rows.insert(names.map((name, n) => row(String(n), name)));
    for (const [n, name] of names.entries()) {
      const found = await rows.find([name, 'none']);
      expect(found.map(({ id, name: text, state }) => [id, text, state])).toEqual([
        [String(n), name, 'pending'],
      ]);
    }
    expect(await rows.find(names)).toHaveLength(names.length);
    expect(await rows.find(['none'])).toEqual([]);
  });

  it('selects with parameters', async () => {
    await rows.insert([row('a', 'x', 1), row('b', 'y', 2), row('c', 'z', 3)]);
    const sql = 'SELECT id, due FROM t WHERE (due > ? OR name = ?) AND state = ? ORDER BY id DESC LIMIT ?';
    const found = await bench.storage.select({ sql, parameters: [1, 'x', 'pending', 2] });
    expect(found.map(({ id, due }) => [id, Number(due)])).toEqual([
      ['c', 3],
      ['b', 2],
    ]);
  });

  it('selects by a list of any length, whose texts arrive as they are', async () => {
    await rows.insert([row('a', 'Ünï “x”'), row('b', 'x'), row('c')]);
    const list = bench.storage.fromList([
      { like: 'ascii', length: 36 },
      { like: 'varchar', length: 20 },
    ]);
    const sql =
      `SELECT w.n AS n, t.id AS id, w.v1 AS name FROM ${list} w ` +
      'LEFT JOIN t ON t.id = w.v0 AND (w.v1 IS NULL OR t.name = w.v1) ORDER BY w.n';
    const asked = [['b', 'X'], ['a', 'Ünï “x”'], ['c', null], ...many(5000).map((n) => [n, 'x '])];
    const found = await bench.storage.select({ sql, parameters: [JSON.stringify(asked)] });
    expect(found).toHaveLength(asked.length);
    expect(found.slice(0, 4).map(({ n, id, name }) => [Number(n), id, name])).toEqual([
      [1, null, 'X'],
      [2, 'a', 'Ünï “x”'],
      [3, 'c', null],
      [4, null, 'x '],
    ]);
  });

  describe('claims rows whose time has come', () => {
    const claim = (more: Partial<DueRows>, source: DataSource = bench.source) =>
      storageOf(source).claim({ table: 't', key: 'id', due: 'due', now: 10, until: 100, limit: 10, ...more });

    it('those that have waited longest first, and each but once until its time comes again', async () => {
      await rows.insert([
        row('a', null, 3),
        row('b', null, 1),
        row('c', null, 2),
        row('d', null, 11),
        row('e'),
      ]);
      expect((await claim({ limit: 2 })).sort()).toEqual(['b', 'c']);
      expect(await claim({})).toEqual(['a']);
      expect(await claim({})).toEqual([]);
      expect((await claim({ now: 100, until: 200 })).sort()).toEqual(['a', 'b', 'c', 'd']);
    });

    it('only those that are meant', async () => {
      await rows.insert([row('a', 'x', 3), row('b', 'y', 5), row('c', 'z', 5)]);
      expect(await claim({ since: 4.9, only: "name = 'y' OR name = 'x'" })).toEqual(['b']);
    });

    it('for one process only, when several claim at the same time', async () => {
      const keys = many(120);
      await rows.insert(keys.map((key) => row(key, null, 1)));
      const claimed: Key[] = [];
      while (claimed.length < keys.length) {
        const together = await Promise.all(
          [...bench.sources, ...bench.sources].map((source) => claim({ limit: 7 }, source)),
        );
        expect(together.flat()).not.toEqual([]);
        claimed.push(...together.flat());
      }
      expect(claimed.sort()).toEqual(keys);
    });
  });

  describe('commits several statements', () => {
    const to = (state: string, id: string, mustChange?: number) => ({
      sql: `UPDATE t SET state = ${bench.place(1)} WHERE id = ${bench.place(2)}`,
      parameters: [state, id],
      ...(mustChange === undefined ? {} : { mustChange }),
    });

    it('all', async () => {
      await rows.insert([row('a'), row('b')]);
      expect(await bench.storage.commit([to('done', 'a', 1), to('over', 'b'), to('over', 'none')])).toBe(
        true,
      );
      expect(await bench.there()).toEqual(['a done', 'b over']);
    });

    it('none when one does not change as many rows as it must', async () => {
      await rows.insert([row('a')]);
      expect(await bench.storage.commit([to('done', 'a', 1), to('done', 'none', 1)])).toBe(false);
      expect(await bench.there()).toEqual(['a pending']);
    });

    it('none when one fails', async () => {
      await rows.insert([row('a')]);
      const wrong = { sql: 'UPDATE nowhere SET x = 1', parameters: [] };
      await expect(bench.storage.commit([to('done', 'a'), wrong])).rejects.toMatchObject({
        message: expect.any(String),
      });
      expect(await bench.there()).toEqual(['a pending']);
    });
  });

  describe('adds to counts', () => {
    const COUNTS = { table: 'counts', key: 'id', counts: ['one', 'other'], latest: 'latest' };
    const add = (counts: (string | number)[][], source: DataSource = bench.source) =>
      storageOf(source).addUp({ ...COUNTS, rows: counts });
    const counted = async () => {
      const sql = 'SELECT id, one, other, latest FROM counts ORDER BY id';
      const found = await bench.storage.select({ sql, parameters: [] });
      return found.map(({ id, one, other, latest }) => [id, ...[one, other, latest].map(Number)]);
    };

    it('those of rows that are there and of new ones, and keeps the latest time', async () => {
      await add([
        ['b', 1, 0, 1_800_000_000_009],
        ['a', 0, 2, 3],
      ]);
      await add([
        ['a', 5, 5, 4],
        ['b', 1, 1, 7],
        ['c', 1, 0, 1],
      ]);
      expect(await counted()).toEqual([
        ['a', 5, 7, 4],
        ['b', 2, 1, 1_800_000_000_009],
        ['c', 1, 0, 1],
      ]);
    });

    it('of several processes, in whatever order each has them', async () => {
      const keys = many(50);
      const added = [...Array(10).keys()].flatMap((n) =>
        bench.sources.map((source, who) => {
          const order = (n + who) % 2 === 0 ? keys : [...keys].reverse();
          return add(
            order.map((key) => [key, 1, who, n]),
            source,
          );
        }),
      );
      await Promise.all(added);
      expect(await counted()).toEqual(keys.map((key) => [key, 20, 10, 9]));
    });
  });

  it('adds the rows that are missing, and leaves alone those that are there', async () => {
    const add = (source: DataSource, ...pairs: string[][]) =>
      storageOf(source).addMissing({ table: 'pairs', keys: ['a', 'b'], rows: pairs });
    await add(bench.source, ['x', '2'], ['x', '1']);
    const together = bench.sources.map((source) => add(source, ['y', '1'], ['x', '1'], ["t'g\\", '?']));
    await Promise.all(together);
    const found = await bench.storage.select({ sql: 'SELECT a, b FROM pairs', parameters: [] });
    expect(found.map(({ a, b }) => `${String(a)} ${String(b)}`).sort()).toEqual([
      "t'g\\ ?",
      'x 1',
      'x 2',
      'y 1',
    ]);
  });

  it('selects the different values of a column, no more than asked for', async () => {
    const values = async (limit: number) => (await bench.storage.distinct('pairs', 'a', limit)).sort();
    expect(await values(5)).toEqual([]);
    const pairs = ['x', 'y', 'Y', 'é'].flatMap((a) => [...many(50)].map((b) => [a, b]));
    await bench.storage.addMissing({ table: 'pairs', keys: ['a', 'b'], rows: pairs });
    expect(await values(5)).toEqual(['Y', 'x', 'y', 'é']);
    expect(await values(4)).toHaveLength(4);
    expect(await values(3)).toHaveLength(3);
  });

  it('is reached over connections of its own, which the host’s outlive', async () => {
    const own = await openOwn(bench.source, { entities: [], connections: 2 });
    const ownRows = storageOf(own).rows(TABLE);
    expect(await ownRows.insert([row('a', 'x')])).toEqual([true]);
    expect(await rows.insert([row('b', 'x')])).toEqual([false]);
    await closeOwn(own);
    expect(await bench.there()).toEqual(['a pending']);
  });
});
