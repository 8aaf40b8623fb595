import type { DataSource, DataSourceOptions } from 'typeorm';
import { kindOf } from '../storage-of.js';
import { pick } from './pick.js';
import { quietLogger } from './quiet-logger.js';

/** What connections of one's own are for, and how many there may be. */
export interface OwnConnections {
  entities: NonNullable<DataSourceOptions['entities']>;
  /** The most that are open at a time. */
  connections: number;
}

/** Those that were opened here, and not closed yet. */
const opened = new WeakSet<DataSource>();

/**
 * Connections of one's own to the database that somebody else's data source is for. What that one is set to, what
 * packages have bound it to, and what its pool is busy with is nothing to them: what is written over them is committed
 * by itself, and what is read over them is what is there.
 *
 * SQLite has one connection, which all of an application share: a second one would have to wait for it, and would see
 * nothing of a database in memory. There only the settings are one's own.
 *
 * @throws the driver's error when the database cannot be reached
 */
export async function openOwn(
  host: DataSource,
  { entities, connections }: OwnConnections,
): Promise<DataSource> {
  const kind = kindOf(host);
  // Whoever is going to write refuses it, and says why.
  if (kind === undefined) return host;
  const tables = { entities, ...pick(host.options, ['namingStrategy', 'entityPrefix']) };
  const dataSource = await kind.openOwn(host, { ...tables, logger: quietLogger(host.logger) }, connections);
  if (!kind.sharesConnection) opened.add(dataSource);
  return dataSource;
}

/** Closes the connections of a data source, when they were opened by `openOwn`. */
export async function closeOwn(dataSource: DataSource): Promise<void> {
  if (opened.delete(dataSource)) await dataSource.destroy();
}
