import type { DataSource } from 'typeorm';
import { UnusableDatabaseError } from './database.errors.js';
import { MARIADB } from './mariadb/storage.js';
import { MYSQL } from './mysql/storage.js';
import { POSTGRES } from './postgres/storage.js';
import { SQLITE } from './sqlite/storage.js';
import type { Storage, StorageKind } from './storage.js';

/** The known databases, by the type of a data source. A new one is a folder, and a line here. */
export const KINDS: Readonly<Record<string, StorageKind>> = {
  'better-sqlite3': SQLITE,
  mariadb: MARIADB,
  mysql: MYSQL,
  postgres: POSTGRES,
};

/** The storages so far: every look-up asks for one. */
const storages = new WeakMap<DataSource, Storage>();

/**
 * The storage behind a data source.
 *
 * @throws UnusableDatabaseError for an unknown database
 */
export function storageOf(dataSource: DataSource): Storage {
  let storage = storages.get(dataSource);
  if (storage === undefined) storages.set(dataSource, (storage = open(dataSource)));
  return storage;
}

/** The kind of database behind a data source; undefined for an unknown one. */
export function kindOf(dataSource: DataSource): StorageKind | undefined {
  return KINDS[dataSource.options.type];
}

function open(dataSource: DataSource): Storage {
  const kind = kindOf(dataSource);
  if (kind !== undefined) return kind.open(dataSource);
  throw new UnusableDatabaseError(
    `Tasks cannot be stored in a data source of the type ${dataSource.options.type}: ` +
      'it must be better-sqlite3, mariadb, mysql or postgres.',
  );
}
