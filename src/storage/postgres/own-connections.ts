import { DataSource } from 'typeorm';
import { CREDENTIALS, extraOf, type OptionsOf, ownPool } from '../own-connections/own-options.js';
import { pick } from '../own-connections/pick.js';
import type { OwnTables } from '../storage.js';
import { PLAIN_TYPES } from './plain-types.js';

type PostgresOptions = OptionsOf<'postgres'>;

/** Opens separate connections to the PostgreSQL database of a host; see `StorageKind.openOwn`. */
export function openOwnPostgres(
  host: DataSource,
  tables: OwnTables,
  connections: number,
): Promise<DataSource> {
  const reach = postgresReach(host.options as PostgresOptions);
  return new DataSource({ ...reach, ...tables, ...ownPool(connections) }).initialize();
}

function postgresReach(options: PostgresOptions): PostgresOptions {
  const master = options.replication?.master ?? options;
  return {
    type: 'postgres',
    ...pick(master, [...CREDENTIALS, 'ssl', 'applicationName']),
    ...pick(options, ['applicationName', 'schema', 'driver', 'nativeDriver', 'connectTimeoutMS']),
    // That is up to the migrations and the host.
    installExtensions: false,
    extra: { ...pick(extraOf(options), EXTRA), types: PLAIN_TYPES },
  };
}

/** The driver's options that say how to reach the server, and for how long to keep a connection. */
const EXTRA = [
  ...['connectionString', 'host', 'port', 'user', 'password', 'database', 'ssl', 'sslnegotiation', 'stream'],
  ...['enableChannelBinding', 'options', 'application_name', 'fallback_application_name'],
  ...['connectionTimeoutMillis', 'keepAlive', 'keepAliveInitialDelayMillis'],
  ...['idleTimeoutMillis', 'maxLifetimeSeconds', 'maxUses', 'allowExitOnIdle'],
];
