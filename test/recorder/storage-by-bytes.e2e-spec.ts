import { bytesOf, byteStringOf } from '../../src/storage/bytes.js';
import { storageOf } from '../../src/storage/storage-of.js';
import type { DueRows, GroupedRows } from '../../src/storage/storage.js';
import { bytesTable, StorageBench, TYPES } from '../support/database/storage.js';

/** What `storage.e2e-spec.ts` asks of rows that are known by texts. */
describe.each(TYPES)('a storage whose rows are known by bytes (%s)', (type) => {
  let bench: StorageBench;
  let byBytes: GroupedRows;
  beforeAll(async () => {
    bench = await StorageBench.open(type);
    byBytes = storageOf(bench.source).rows(bytesTable(bench.source));
  });
  afterEach(() => bench.empty());
  afterAll(() => bench.close());

  const key = (n: number) => bytesOf(`\0\xff\x80'\\ a ${String(n)}`.padEnd(16, '\0'));
  const row = (n: number, name: string | null = null, due: number | null = null) => [
    key(n),
    name === null ? null : bytesOf(name),
    'pending',
    due,
  ];
  const textOf = (bytes: unknown) => byteStringOf(bytes as Buffer);

  it('writes, finds and changes them', async () => {
    expect(await byBytes.insert([row(1, 'x'), row(2, 'x'), row(3, 'y')])).toEqual([true, false, true]);
    expect(await byBytes.insert([row(4, 'x'), row(5)])).toEqual([false, true]);
    const values = [{ state: 'done' }, { state: 'done', due: 7 }, { state: 'over', due: null }];
    const changes = [1, 2, 3].map((n) => ({
      key: key(n),
      from: ['pending'],
      values: values[n - 1] as object as Record<string, unknown>,
    }));
    expect(await byBytes.change(changes)).toEqual([true, false, true]);
    expect(await byBytes.change(changes.slice(0, 1))).toEqual([false]);
    const found = await byBytes.find([bytesOf('x'), bytesOf('y'), bytesOf('none')]);
    expect(found.map((one) => [textOf(one['id']), textOf(one['name']), one['state']]).sort()).toEqual([
      [textOf(key(1)), 'x', 'done'],
      [textOf(key(3)), 'y', 'over'],
    ]);
  });

  it('takes no two for the same', async () => {
    const names = [
      'a',
      'a ',
      'a\0',
      'A',
      '\xe9',
      'e',
      '\xc3\xa9',
      '\xff',
      '\0',
      ' ',
      '\\',
      "'",
      '\\x61',
      '?',
    ];
    expect(await byBytes.insert(names.map((name, n) => row(n, name)))).toEqual(names.map(() => true));
    for (const [n, name] of names.entries()) {
      const found = await byBytes.find([bytesOf(name)]);
      expect(found.map(({ id, name: there }) => [textOf(id), textOf(there)])).toEqual([
        [textOf(key(n)), name],
      ]);
    }
    expect(await byBytes.find(names.map(bytesOf))).toHaveLength(names.length);
  });

  it('looks them up in the second table', async () => {
    const note = { sql: `INSERT INTO b2 (name, gone) VALUES (${bench.place(1)}, NULL)` };
    await bench.storage.commit([{ ...note, parameters: [bytesOf('\0x')] }]);
    const { written, found } = await byBytes.insertThenFind([row(1, '\0x')], [bytesOf('\0x'), bytesOf('x')]);
    expect([written, found.map(textOf)]).toEqual([[true], ['\0x']]);
  });

  it('claims them, also some of them only', async () => {
    await byBytes.insert([row(1, null, 3), row(2, null, 4), row(3, null, 5), row(4, null, 11)]);
    const claim = (more: Partial<DueRows>) =>
      bench.storage.claim({ table: 'b', key: 'id', due: 'due', now: 10, until: 100, limit: 10, ...more });
    expect((await claim({ keys: [key(2), key(4)] })).map(textOf)).toEqual([textOf(key(2))]);
    expect((await claim({})).map(textOf).sort()).toEqual([1, 3].map((n) => textOf(key(n))));
  });

  it('asks about a list of them', async () => {
    await byBytes.insert([row(1, '\xff'), row(2, ' ')]);
    const list = bench.storage.fromList([
      { like: 'bytes', length: 16 },
      { like: 'bytes', length: 20 },
    ]);
    const asked = [
      [key(2).toString('hex'), null],
      [null, 'ff'],
      [null, '20'],
      [null, ''],
    ];
    const found = await bench.storage.select({
      sql: `SELECT w.n AS n, b.id AS id FROM ${list} w JOIN b ON b.id = w.v0 OR b.name = w.v1 ORDER BY w.n`,
      parameters: [JSON.stringify(asked)],
    });
    expect(found.map(({ n, id }) => [Number(n), textOf(id)])).toEqual([
      [1, textOf(key(2))],
      [2, textOf(key(1))],
      [3, textOf(key(2))],
    ]);
  });

  it('has them in the order of their bytes', async () => {
    const names = ['', '\0', '\0\0', ' ', 'A', 'a', 'a\0', 'a ', 'aa', '\x80', '\xff', '\xff\xff'];
    await byBytes.insert([...names].reverse().map((name, n) => row(n, name)));
    const of = async (from: string, before: string) => {
      const sql = 'SELECT name FROM b WHERE name >= ? AND name < ? ORDER BY name';
      const found = await bench.storage.select({ sql, parameters: [bytesOf(from), bytesOf(before)] });
      return found.map(({ name }) => textOf(name));
    };
    expect(await of('', '\xff\xff\xff')).toEqual(names);
    expect(await of('a', 'b')).toEqual(['a', 'a\0', 'a ', 'aa']);
  });

  it('adds to their counts', async () => {
    const counts = { table: 'byte_counts', key: 'id', counts: ['one'], latest: 'latest' };
    await bench.storage.addUp({ ...counts, rows: [2, 1].map((n) => [key(n), 1, n]) });
    await bench.storage.addUp({ ...counts, rows: [[key(2), 5, 1]] });
    const sql = 'SELECT id, one, latest FROM byte_counts ORDER BY id';
    const found = await bench.storage.select({ sql, parameters: [] });
    expect(found.map(({ id, one, latest }) => [textOf(id), Number(one), Number(latest)])).toEqual([
      [textOf(key(1)), 1, 1],
      [textOf(key(2)), 6, 2],
    ]);
  });
});
