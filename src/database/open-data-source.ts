import { DataSource, type DataSourceOptions } from 'typeorm';
import { UnusableDatabaseError } from '../storage/database.errors.js';
import { galeraNode } from '../storage/mysql/galera.js';
import { migrateInCluster } from './migrate-in-cluster.js';

/** How long a process waits for another that is migrating, in seconds. */
const PATIENCE = 300;

/**
 * Opens a database and brings its schema up to date. Several processes may do so at once: one migrates, the others
 * wait for it.
 *
 * @throws UnusableDatabaseError when another process migrates for too long
 */
export async function openDataSource(options: DataSourceOptions): Promise<DataSource> {
  if (options.type !== 'better-sqlite3') await migrateServer(options);
  const dataSource = await new DataSource(options).initialize();
  try {
    if (options.type === 'better-sqlite3') await dataSource.runMigrations();
    else await galeraNode(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/** It uses connections of its own, without a limit, since migrating a large table takes time. */
async function migrateServer(options: DataSourceOptions): Promise<void> {
  const dataSource = new DataSource({ ...options, extra: {} });
  await dataSource.initialize();
  try {
    await ((await galeraNode(dataSource)) === null ? migrateAlone(dataSource) : migrateInCluster(dataSource));
  } finally {
    await dataSource.destroy();
  }
}

/** DDL commits by itself in MariaDB and MySQL, so no transaction could keep two processes apart; a named lock does. */
async function migrateAlone(dataSource: DataSource): Promise<void> {
  const holder = dataSource.createQueryRunner();
  try {
    const name = `tasktag migrations of ${String(dataSource.driver.database)}`.slice(0, 64);
    const [got] = (await holder.query('SELECT GET_LOCK(?, ?) AS got', [name, PATIENCE])) as {
      got: unknown;
    }[];
    if (Number(got?.got) !== 1) {
      throw new UnusableDatabaseError(
        'Another process has been migrating the database for too long. Check it, and start again.',
      );
    }
    await dataSource.runMigrations();
    await holder.query('SELECT RELEASE_LOCK(?)', [name]);
  } finally {
    await holder.release();
  }
}
