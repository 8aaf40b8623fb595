import { DataSource } from 'typeorm';
import { migrateInCluster } from '../../src/database/migrate-in-cluster.js';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { galeraNode } from '../../src/storage/mysql/galera.js';
import { SCHEMA } from '../../src/schema.js';
import { Galera, type Node } from '../support/database/galera.js';
import { newServer } from '../support/server/servers.js';
import type { ServerProcess } from '../support/server/server-process.js';
import { until } from '../support/until.js';

const NODES: Node[] = [1, 2, 3];

describe('replicas at several nodes of a cluster', () => {
  let galera: Galera;
  beforeEach(async () => {
    galera = await Galera.up();
  }, 120_000);
  afterEach(() => galera.close(), 120_000);

  /** A data source as the server has it, that is open. */
  async function source(node: Node): Promise<DataSource> {
    const dataSource = await new DataSource(await dataSourceOptions(galera.url(node), SCHEMA)).initialize();
    await galeraNode(dataSource);
    return dataSource;
  }

  const migrationsRun = async () => {
    const rows = await galera.at<{ name: string }>(1, 'SELECT name FROM migrations ORDER BY name');
    return rows.map(({ name }) => name);
  };

  it.each([1, 2, 3])(
    'all start at once on an empty database, and work (%d)',
    async () => {
      const servers = await Promise.all(NODES.map((node) => galera.server(node, { LOG_LEVEL: 'info' })));
      try {
        for (const [n, { client, output }] of servers.entries()) {
          expect((await client.post('/v3/servers', newServer(), { tag: `first ${n}` })).status).toBe(202);
          expect((await client.get('/readyz', { token: null })).status).toBe(200);
          expect(output).toMatch(new RegExp(`node${n + 1} of a Galera cluster, with wsrep_sync_wait=0`));
        }
        const names = await migrationsRun();
        expect(new Set(names).size).toBe(names.length);
      } finally {
        await Promise.all(servers.map((server: ServerProcess) => server.kill()));
      }
    },
    120_000,
  );

  it('take over from one that died while it migrated, and wait for one that takes long', async () => {
    const sources = await Promise.all(NODES.slice(0, 2).map((node) => source(node)));
    const [first, second] = sources as [DataSource, DataSource];
    try {
      await galera.at(
        3,
        'CREATE TABLE migration_turn (id int NOT NULL PRIMARY KEY, holder char(36) NOT NULL, beat int NOT NULL)',
      );
      await galera.at(3, "INSERT INTO migration_turn VALUES (1, 'one that died', 5)");
      // The first one takes long: longer than a dead one may be silent.
      const runMigrations = first.runMigrations.bind(first);
      let isHeld = true;
      let began = false;
      first.runMigrations = async () => {
        began = true;
        await until('the end of a long migration', () => !isHeld);
        return runMigrations();
      };
      const one = migrateInCluster(first, { silenceMs: 2000 });
      await until('the turn', () => began);
      let isThrough = false;
      const other = migrateInCluster(second, { silenceMs: 2000 }).then(() => (isThrough = true));
      const beat = async () =>
        (await galera.at<{ beat: number }>(3, 'SELECT beat FROM migration_turn'))[0]?.beat ?? 0;
      await until('six seconds of it', async () => (await beat()) > 11);
      expect(isThrough).toBe(false);
      isHeld = false;
      await Promise.all([one, other]);
      expect((await migrationsRun()).length).toBe(first.migrations.length);
      expect(await galera.at(3, 'SELECT * FROM migration_turn')).toEqual([]);
    } finally {
      await Promise.all(sources.map((each) => each.destroy()));
    }
  }, 120_000);

  it('do not wait for ever, and say what to do', async () => {
    const one = await source(1);
    try {
      await galera.at(
        3,
        'CREATE TABLE migration_turn (id int NOT NULL PRIMARY KEY, holder char(36) NOT NULL, beat int NOT NULL)',
      );
      await galera.at(3, "INSERT INTO migration_turn VALUES (1, 'one that works', 5)");
      await expect(migrateInCluster(one, { patienceMs: 1000 })).rejects.toThrow(/migrating .* for too long/);
    } finally {
      await one.destroy();
    }
  }, 60_000);
});
