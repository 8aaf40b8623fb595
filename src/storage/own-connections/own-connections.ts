import type { DataSource, DataSourceOptions } from 'typeorm';
import { kindOf } from '../storage-of.js';
import { pick } from './pick.js';
import { quietLogger } from './quiet-logger.js';

/** What the separate connections are for, and their limit. */
export interface OwnConnections {
  entities: NonNullable<DataSourceOptions['entities']>;
  /** The most connections that are open at a time. */
  connections: number;
}

/** The drivers of the data sources that were opened here, and not closed yet. Nest's `instrument` may wrap a data source. */
const opened = new WeakSet<DataSource['driver']>();

/**
 * Opens separate connections to the database of a host's data source. They do not depend on its settings, on packages
 * that patch it, or on the load of its pool: each write over them is committed by itself, and each read sees the
 * present state.
 *
 * SQLite has one connection, which the whole application shares: a second one would have to wait for it, and could not
 * see a database in memory. There, only the settings are separate.
 *
 * @throws the driver's error when the database cannot be reached
 */
export async function openOwn(
  host: DataSource,
  { entities, connections }: OwnConnections,
): Promise<DataSource> {
  const kind = kindOf(host);
  // The code that writes later refuses it, with the reason.
  if (kind === undefined) return host;
  const tables = { entities, ...pick(host.options, ['namingStrategy', 'entityPrefix']) };
  const dataSource = await kind.openOwn(host, { ...tables, logger: quietLogger(host.logger) }, connections);
  if (!kind.sharesConnection) opened.add(dataSource.driver);
  return dataSource;
}

/** Closes the connections of a data source, when they were opened by `openOwn`. */
export async function closeOwn(dataSource: DataSource): Promise<void> {
  if (opened.delete(dataSource.driver)) await dataSource.destroy();
}
