import { togetherOrApart } from './together-or-apart.js';

const driverError = (values: object) => Object.assign(new Error('refused'), { driverError: values });

const TOO_LONG = driverError({ code: 'ER_DATA_TOO_LONG', errno: 1406, sqlState: '22001' });
const DEADLOCK = driverError({ code: 'ER_LOCK_DEADLOCK', errno: 1213, sqlState: '40001' });

describe('a group that the database refuses', () => {
  it('is written one by one, so that a bad item fails alone', async () => {
    const groups: number[][] = [];
    const results = await togetherOrApart([1, 2, 3], (some) => {
      groups.push(some);
      return some.includes(2) ? Promise.reject(TOO_LONG) : Promise.resolve(some.map((n) => n * 2));
    });
    expect(groups).toEqual([[1, 2, 3], [1], [2], [3]]);
    expect(results).toEqual([
      { status: 'fulfilled', value: 2 },
      { status: 'rejected', reason: TOO_LONG },
      { status: 'fulfilled', value: 6 },
    ]);
  });

  it.each([[[1, 2]], [[2]]])('says to try again of an item that somebody keeps locked: %j', async (items) => {
    const locked = driverError({ code: 'ER_LOCK_WAIT_TIMEOUT', errno: 1205, sqlState: 'HY000' });
    const results = await togetherOrApart(items, (some) =>
      some.includes(2) ? Promise.reject(locked) : Promise.resolve(some),
    );
    expect(results.at(-1)).toMatchObject({ status: 'rejected', reason: { status: 503, retryAfter: 1 } });
    expect(results.slice(0, -1).map(({ status }) => status)).toEqual(items.slice(1).map(() => 'fulfilled'));
  });

  it('after a deadlock goes again as it is', async () => {
    const groups: number[][] = [];
    const results = await togetherOrApart([1, 2], (some) => {
      groups.push(some);
      return groups.length < 3 ? Promise.reject(DEADLOCK) : Promise.resolve(some);
    });
    expect(groups).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  });

  it.each([
    ['the connection is lost', { code: 'PROTOCOL_CONNECTION_LOST', fatal: true }],
    ['the connection is reset', { code: 'ECONNRESET', fatal: true }],
    ['the server ends the connection', { code: 'ER_CONNECTION_KILLED', errno: 1927, sqlState: '70100' }],
    ['the server stops', { code: 'ER_SERVER_SHUTDOWN', errno: 1053, sqlState: '08S01' }],
    ['MariaDB has no room', { code: 'ER_RECORD_FILE_FULL', errno: 1114, sqlState: 'HY000' }],
    ['MariaDB is read only', { code: 'ER_OPTION_PREVENTS_STATEMENT', errno: 1290, sqlState: 'HY000' }],
    ['PostgreSQL stops', { code: '57P01' }],
    ['the connection to PostgreSQL is lost', { message: 'Connection terminated unexpectedly' }],
    ['PostgreSQL has no room', { code: '53100' }],
    ['the disk is full', { code: 'SQLITE_FULL' }],
    ['the file is locked', { code: 'SQLITE_BUSY' }],
  ])('is not tried again when %s: it may be there already, or each would fail alike', async (_, values) => {
    const error = driverError(values);
    let tries = 0;
    const written = togetherOrApart([1, 2], () => {
      tries += 1;
      return Promise.reject(error);
    });
    await expect(written).rejects.toBe(error);
    expect(tries).toBe(1);
  });
});
