import type Database from 'better-sqlite3';
import { DataSource } from 'typeorm';
import { ownOptions, type OwnConnections } from './own-options.js';

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
export async function openOwn(host: DataSource, own: OwnConnections): Promise<DataSource> {
  const options = ownOptions(host, own);
  // Whoever is going to write refuses it, and says why.
  if (options === null) return host;
  const isShared = options.type === 'better-sqlite3';
  const restore = isShared ? keepForeignKeys(host) : () => undefined;
  const dataSource = await new DataSource(options).initialize();
  restore();
  if (!isShared) opened.add(dataSource);
  return dataSource;
}

/** TypeORM turns foreign keys on for each connection that it opens, and would do so once more for the host's. */
function keepForeignKeys({ driver }: DataSource): () => void {
  const { databaseConnection } = driver as unknown as { databaseConnection: Database.Database };
  const setting = Number(databaseConnection.pragma('foreign_keys', { simple: true }));
  return () => void databaseConnection.pragma(`foreign_keys = ${setting}`);
}

/** Closes the connections of a data source, when they were opened by `openOwn`. */
export async function closeOwn(dataSource: DataSource): Promise<void> {
  if (opened.delete(dataSource)) await dataSource.destroy();
}
