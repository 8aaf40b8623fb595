import type { DataSource } from 'typeorm';
import { UnusableDatabaseError } from './database.errors.js';
import { MARIADB } from './mariadb/storage.js';
import { MYSQL } from './mysql/storage.js';
import { POSTGRES } from './postgres/storage.js';
import { SQLITE } from './sqlite/storage.js';
import type { Storage, StorageKind } from './storage.js';

/** The databases that are known, by the type of a data source. Another one is a folder, and a line here. */
export const KINDS: Readonly<Record<string, StorageKind>> = {
  'better-sqlite3': SQLITE,
  mariadb: MARIADB,
  mysql: MYSQL,
  postgres: POSTGRES,
};

/** Those that were asked for before: every look-up asks. */
const storages = new WeakMap<DataSource, Storage>();

/**
 * The storage behind a data source.
 *
 * @throws UnusableDatabaseError for a database that is not known
 */
export function storageOf(dataSource: DataSource): Storage {
  let storage = storages.get(dataSource);
  if (storage === undefined) storages.set(dataSource, (storage = open(dataSource)));
  return storage;
}

/** The kind of database behind a data source; undefined for one that is not known. */
export function kindOf(dataSource: DataSource): StorageKind | undefined {
  return KINDS[dataSource.options.type];
}

function open(dataSource: DataSource): Storage {
  const kind = kindOf(dataSource);
  if (kind !== undefined) return kind.open(dataSource);
  throw new UnusableDatabaseError(
    `Tasks cannot be kept in a data source of the type ${dataSource.options.type}: ` +
      'it must be better-sqlite3, mariadb, mysql or postgres.',
  );
}
