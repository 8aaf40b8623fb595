import type { DataSource, DataSourceOptions } from 'typeorm';
import { pick } from './pick.js';
import { PLAIN_TYPES } from './plain-types.js';
import { quietLogger } from './quiet-logger.js';

/** What connections of one's own are for, and how many there may be. */
export interface OwnConnections {
  entities: NonNullable<DataSourceOptions['entities']>;
  /** The most that are open at a time. */
  connections: number;
}

/** The options of a data source of one kind. */
type OptionsOf<Type> = Extract<DataSourceOptions, { type: Type }>;

/**
 * The options of a data source for the same tables as a host's: how to reach the database, and how its tables are
 * called. What else a host sets is left out, since it may change what a statement means: how values come back, what is
 * read from a cache, what happens before and after a write, and how long it may take.
 *
 * @returns `null` for a kind of database that is not known
 */
export function ownOptions(
  host: DataSource,
  { entities, connections }: OwnConnections,
): DataSourceOptions | null {
  const { options } = host;
  const tables = { entities, ...pick(options, ['namingStrategy', 'entityPrefix']) };
  const common = { ...tables, logger: quietLogger(host.logger) };
  // In each of its statements, a transaction is to see what others have committed.
  const pool = { poolSize: connections, isolationLevel: 'READ COMMITTED' as const };
  switch (options.type) {
    case 'postgres':
      return { ...postgres(options), ...common, ...pool };
    case 'mariadb':
    case 'mysql':
      return { ...mysql(options), ...common, ...pool };
    case 'better-sqlite3':
      return { ...sqlite(host), ...common };
    default:
      return null;
  }
}

/** Who connects, and where to: what stands in a data source's options, or in those of its master. */
const CREDENTIALS = ['url', 'host', 'port', 'username', 'password', 'database'] as const;

function postgres(options: OptionsOf<'postgres'>): OptionsOf<'postgres'> {
  const master = options.replication?.master ?? options;
  return {
    type: 'postgres',
    ...pick(master, [...CREDENTIALS, 'ssl', 'applicationName']),
    ...pick(options, ['applicationName', 'schema', 'driver', 'nativeDriver', 'connectTimeoutMS']),
    // The migrations' and the host's business.
    installExtensions: false,
    extra: { ...pick(extraOf(options), POSTGRES_EXTRA), types: PLAIN_TYPES },
  };
}

function mysql(options: OptionsOf<'mysql' | 'mariadb'>): OptionsOf<'mysql' | 'mariadb'> {
  const master = options.replication?.master ?? options;
  return {
    type: options.type,
    ...pick(master, [...CREDENTIALS, 'socketPath']),
    // TypeORM takes it from here also for a master.
    ...pick(options, ['ssl', 'driver', 'connectTimeout', 'insecureAuth']),
    charset: 'utf8mb4',
    timezone: 'Z',
    extra: pick(extraOf(options), MYSQL_EXTRA),
  };
}

/** What the driver is asked for is a connection; it gets the one that is there. */
function sqlite({ driver, options }: DataSource): OptionsOf<'better-sqlite3'> {
  const { databaseConnection } = driver as unknown as { databaseConnection: object };
  return {
    type: 'better-sqlite3',
    database: (options as OptionsOf<'better-sqlite3'>).database,
    driver: function Shared() {
      return databaseConnection;
    },
  };
}

/** What hosts tell the driver itself. */
function extraOf(options: DataSourceOptions): Record<string, unknown> {
  return (options.extra ?? {}) as Record<string, unknown>;
}

/** What of it says how to reach the server, and for how long to keep a connection. */
const POSTGRES_EXTRA = [
  ...['connectionString', 'host', 'port', 'user', 'password', 'database', 'ssl', 'sslnegotiation', 'stream'],
  ...['enableChannelBinding', 'options', 'application_name', 'fallback_application_name'],
  ...['connectionTimeoutMillis', 'keepAlive', 'keepAliveInitialDelayMillis'],
  ...['idleTimeoutMillis', 'maxLifetimeSeconds', 'maxUses', 'allowExitOnIdle'],
];

const MYSQL_EXTRA = [
  ...['host', 'port', 'user', 'password', 'password1', 'password2', 'password3', 'passwordSha1', 'database'],
  ...['socketPath', 'ssl', 'stream', 'authPlugins', 'authSwitchHandler', 'insecureAuth', 'compress'],
  ...[
    'connectAttributes',
    'connectTimeout',
    'enableKeepAlive',
    'keepAliveInitialDelay',
    'maxIdle',
    'idleTimeout',
  ],
];
