import { UseGuards } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { HostGuard, type LibraryHost, orders, startHost } from '../support/library/library-host.js';
import { TcpProxy } from '../support/network/tcp-proxy.js';
import { until } from '../support/until.js';

declare const testDatabase: TestDatabase['kind'];

describe('a record that is committed while the word of it is lost', () => {
  if (testDatabase === 'sqlite') {
    it.todo('has no way to its database that could be lost');
    return;
  }
  let database: TestDatabase;
  let beside: DataSource;
  let proxy: TcpProxy;
  let host: LibraryHost;
  beforeAll(async () => {
    database = await createDatabase();
    beside = await new DataSource({ type: testDatabase, url: database.url }).initialize();
    proxy = await TcpProxy.to(database.url);
    host = await startHost({
      platform: 'fastify',
      controller: { path: 'tasks', decorators: [UseGuards(HostGuard)] },
      database: { ...database, url: proxy.url, drop: () => Promise.resolve() },
    });
    orders.splice(0);
  });
  afterAll(async () => {
    await host.close();
    await proxy.cut();
    await beside.destroy();
    await database.drop();
  });

  it('is taken back: the client was told that nothing was done, and sends the request again under its tag', async () => {
    const order = () =>
      host.client.post(
        '/orders',
        { item: 'ink' },
        { token: null, headers: { 'X-User': 'a/ann' }, tag: 'lost' },
      );
    const states = async () => {
      const rows = await beside.query<{ state: string }[]>('SELECT state FROM tasks ORDER BY uuid');
      return rows.map(({ state }) => state);
    };

    proxy.holdAnswersTo('INSERT INTO');
    const lost = order();
    await until('the record', async () => (await states()).length === 1);
    await proxy.cut();
    expect(await lost).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      json: { code: 'DATABASE_DOWN' },
    });
    expect(orders).toEqual([]);
    expect(await states()).toEqual(['pending']);
    expect(
      await host.client.get('/tasks?tag=lost', { token: null, headers: { 'X-User': 'a/ann' } }),
    ).toMatchObject({ status: 503, headers: { 'retry-after': '1' }, json: { code: 'DATABASE_DOWN' } });

    await proxy.open();
    proxy.thaw();
    await until('the record to be taken back', async () => (await states())[0] === 'failure');
    expect((await order()).status).toBe(201);
    expect((await order()).status).toBe(409);
    expect(orders).toHaveLength(1);
    expect(await states()).toEqual(['failure', 'success']);
  });
});
