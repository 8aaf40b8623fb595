import { getDataSourceToken } from '@nestjs/typeorm';
import { createConnection } from 'mysql2/promise';
import type { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { openDataSource } from '../../src/database/open-data-source.js';
import { mysqlConnection, mysqlQuery } from '../../src/storage/mysql/query.js';
import { storageOf } from '../../src/storage/storage-of.js';
import type { GroupedRows } from '../../src/storage/storage.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { startApp } from '../support/server/app.js';

declare const testDatabase: TestDatabase['kind'];

describe('connections of which something is unclear', () => {
  if (testDatabase !== 'mariadb') {
    it.todo('are those of a pool, which SQLite does not have');
    return;
  }
  let database: TestDatabase;
  let source: DataSource;
  let rows: GroupedRows;
  beforeEach(async () => {
    database = await createDatabase();
    source = await openDataSource(await dataSourceOptions(database.url, {}));
    await source.query(
      'CREATE TABLE t (id varchar(9) PRIMARY KEY, k varchar(9) UNIQUE, state varchar(9), due int)',
    );
    rows = storageOf(source).rows({
      name: 't',
      columns: ['id', 'k', 'state', 'due'],
      types: new Map(),
      unique: 'k',
      state: 'state',
    });
  });
  afterEach(async () => {
    await source.destroy();
    await database.drop();
  });

  /** The connection that the next statement goes over. */
  const pooled = () => mysqlConnection(source);

  const there = async () => {
    const beside = await createConnection(database.url);
    const [found] = await beside.query<any[]>('SELECT id, state FROM t ORDER BY id');
    await beside.end();
    return found.map(({ id, state }) => `${id} ${state}`);
  };

  /** As after a ROLLBACK that failed, and that nobody has minded. */
  async function leaveOpen(): Promise<void> {
    const connection = await pooled();
    await connection.promise().query('START TRANSACTION');
    connection.release();
  }

  const lost = { code: 'PROTOCOL_CONNECTION_LOST' };

  it('have no record confirmed that is in no committed transaction, and are used no more', async () => {
    await leaveOpen();
    await expect(rows.insert([['a', 'a', 'pending', 1]])).rejects.toMatchObject(lost);
    expect(await there()).toEqual([]);
    expect(await rows.insert([['a', 'a', 'pending', 1]])).toEqual([true]);
    expect(await there()).toEqual(['a pending']);

    await leaveOpen();
    const change = { key: 'a', from: ['pending'], values: { state: 'done' } };
    await expect(rows.change([change])).rejects.toMatchObject(lost);
    expect(await there()).toEqual(['a pending']);
    expect(await rows.change([change])).toEqual([true]);
    expect(await there()).toEqual(['a done']);
  });

  it('begin no transaction of others, and hold up none', async () => {
    await rows.insert([['a', 'a', 'pending', 1]]);
    await leaveOpen();
    const claim = () =>
      storageOf(source).claim({ table: 't', key: 'id', due: 'due', now: 5, until: 9, limit: 5 });
    await expect(claim()).rejects.toMatchObject({ errno: 1568 });
    expect(await claim()).toEqual(['a']);
  });

  it('are not left by a server that begins another transaction at the end of each', async () => {
    const connection = await pooled();
    await connection.promise().query('SET SESSION completion_type = CHAIN');
    connection.release();
    expect(await rows.insert(['a', 'b'].map((id) => [id, id, 'pending', 1]))).toEqual([true, true]);
    const changes = ['a', 'b'].map((key) => ({ key, from: ['pending'], values: { state: 'done' } }));
    expect(await rows.change(changes)).toEqual([true, true]);
    expect(await rows.change(changes)).toEqual([false, false]);
    await storageOf(source).claim({ table: 't', key: 'id', due: 'due', now: 5, until: 9, limit: 5 });
    expect(await rows.insert([['c', 'c', 'pending', 1]])).toEqual([true]);
    expect(await there()).toEqual(['a done', 'b done', 'c pending']);
  });

  it('an answer with the rows of two runs tells what the last one did', async () => {
    await rows.insert([['a', 'taken', 'pending', 1]]);
    const connection = await pooled();
    // As a node of a Galera cluster answers that has run a statement again by itself.
    const query = connection.query.bind(connection) as (...all: unknown[]) => unknown;
    connection.query = ((
      sql: string,
      parameters: unknown[],
      told: (error: unknown, answer: unknown) => void,
    ) =>
      query(sql, parameters, (error: unknown, answer: unknown) => {
        const first = [{ row_key: 'b', is_open: 0 }];
        told(error, sql.includes('RETURNING') ? [...first, ...(answer as object[])] : answer);
      })) as never;
    connection.release();
    expect(await rows.insert([['b', 'taken', 'pending', 1]])).toEqual([false]);
    expect(await rows.insert([['c', 'free', 'pending', 1]])).toEqual([true]);
    expect(
      await rows.insert([
        ['d', 'd', 'pending', 1],
        ['e', 'taken', 'pending', 1],
      ]),
    ).toEqual([true, false]);
  });

  it('a value that the driver cannot send costs no connection', async () => {
    const bad = {
      toSqlString: () => {
        throw new Error('no value');
      },
    };
    for (let n = 0; n < 40; n += 1)
      await expect(mysqlQuery(source, 'SELECT ?', [bad])).rejects.toThrow('no value');
    expect(await mysqlQuery(source, 'SELECT 1 AS one', [])).toEqual([{ one: 1 }]);
  });
});

describe('a read that the database lets wait for too long', () => {
  if (testDatabase !== 'mariadb') {
    it.todo('is one of MariaDB');
    return;
  }
  it('is answered 503, and when to come again', async () => {
    const test = await startApp();
    const locker = await createConnection(test.database.url);
    try {
      const source = test.app.get<DataSource>(getDataSourceToken(), { strict: false });
      const all = await Promise.all(Array.from({ length: 16 }, () => mysqlConnection(source)));
      for (const connection of all) await connection.promise().query('SET SESSION lock_wait_timeout = 1');
      for (const connection of all) connection.release();
      await locker.query('LOCK TABLES tasks WRITE');
      const answer = await test.client.get('/v3/tasks?tag=any');
      expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    } finally {
      await locker.end();
      await test.close();
    }
  });
});
