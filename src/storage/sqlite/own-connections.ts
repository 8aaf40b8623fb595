import type Database from 'better-sqlite3';
import { DataSource } from 'typeorm';
import type { OptionsOf } from '../own-connections/own-options.js';
import type { OwnTables } from '../storage.js';
import { sharedConnection } from './shared-connection.js';

/** Opens a data source over a host's one connection; see `StorageKind.openOwn`. */
export async function openOwnSqlite(host: DataSource, tables: OwnTables): Promise<DataSource> {
  const database = sharedConnection(host);
  const restore = keepForeignKeys(database);
  const dataSource = await new DataSource({ ...sqliteReach(host, database), ...tables }).initialize();
  restore();
  return dataSource;
}

/** TypeORM asks the driver for a connection, and gets the existing one. */
function sqliteReach({ options }: DataSource, database: Database.Database): OptionsOf<'better-sqlite3'> {
  return {
    type: 'better-sqlite3',
    database: (options as OptionsOf<'better-sqlite3'>).database,
    driver: function Shared() {
      return database;
    },
  };
}

/** TypeORM turns foreign keys on for each connection that it opens, and would do so again for the host's. */
function keepForeignKeys(database: Database.Database): () => void {
  const setting = Number(database.pragma('foreign_keys', { simple: true }));
  return () => void database.pragma(`foreign_keys = ${setting}`);
}
