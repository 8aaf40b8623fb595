import { DataSource } from 'typeorm';
import { CREDENTIALS, extraOf, type OptionsOf, ownPool } from '../own-connections/own-options.js';
import { pick } from '../own-connections/pick.js';
import type { OwnTables } from '../storage.js';

type MysqlOptions = OptionsOf<'mysql' | 'mariadb'>;

/** Opens separate connections to the MySQL or MariaDB database of a host; see `StorageKind.openOwn`. */
export function openOwnMysql(host: DataSource, tables: OwnTables, connections: number): Promise<DataSource> {
  const reach = mysqlReach(host.options as MysqlOptions);
  return new DataSource({ ...reach, ...tables, ...ownPool(connections) }).initialize();
}

function mysqlReach(options: MysqlOptions): MysqlOptions {
  const master = options.replication?.master ?? options;
  return {
    type: options.type,
    ...pick(master, [...CREDENTIALS, 'socketPath']),
    // TypeORM reads it here for a master as well.
    ...pick(options, ['ssl', 'driver', 'connectTimeout', 'insecureAuth']),
    charset: 'utf8mb4',
    timezone: 'Z',
    extra: pick(extraOf(options), EXTRA),
  };
}

/** The driver's options that say how to reach the server, and for how long to keep a connection. */
const EXTRA = [
  ...['host', 'port', 'user', 'password', 'password1', 'password2', 'password3', 'passwordSha1', 'database'],
  ...['socketPath', 'ssl', 'stream', 'authPlugins', 'authSwitchHandler', 'insecureAuth', 'compress'],
  ...['connectAttributes', 'connectTimeout', 'enableKeepAlive', 'keepAliveInitialDelay'],
  ...['maxIdle', 'idleTimeout'],
];
