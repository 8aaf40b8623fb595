import type { DataSource } from 'typeorm';
import { checkConnections } from './check.js';

/** A server that says of itself what a real one says. */
function server(facts: { version?: string; mode?: string; autocommit?: number }): DataSource {
  const row = { version: '8.4.3', mode: 'STRICT_TRANS_TABLES', autocommit: 1, ...facts };
  const connection = {
    query: (sql: string, _: unknown, told: (error: null, rows: object[]) => void) =>
      told(null, sql.startsWith('SHOW') ? [] : [row]),
    release: () => undefined,
  };
  return {
    options: { type: 'mysql' },
    driver: { obtainMasterConnection: () => Promise.resolve(connection) },
    logger: { logQuery: () => undefined },
  } as unknown as DataSource;
}

describe('the connections of a data source', () => {
  it.each([
    ['8.0.11-TiDB-v8.5.0', /^The database server is TiDB \(8\.0\.11-TiDB-v8\.5\.0\).*use MariaDB 10\.6/],
    ['8.0.30-Vitess', /^The database server is Vitess/],
    ['5.7.25-OceanBase-v4.2.1.0', /^The database server is OceanBase/],
  ])('are refused in one line when the server only says it is MySQL: %s', async (version, text) => {
    await expect(checkConnections(server({ version }))).rejects.toThrow(text);
  });

  it('are refused when no write would last', async () => {
    await expect(checkConnections(server({ autocommit: 0 }))).rejects.toThrow(/autocommit off/);
  });

  it.each(['8.0.40', '8.4.3', '9.1.0', '8.0.mysql_aurora.3.08.0', '8.0.36-28.1', '11.8.3-MariaDB-0+deb13u1'])(
    'are taken from %s',
    async (version) => {
      await expect(checkConnections(server({ version }))).resolves.toBeUndefined();
    },
  );
});
