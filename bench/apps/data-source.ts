import type Database from 'better-sqlite3';
import type { DataSourceOptions } from 'typeorm';

/** TypeORM's options of an application that keeps tasks in its own database; the same as the stand-alone server's. */
export function dataSourceOptions(
  url: string,
  entities: NonNullable<DataSourceOptions['entities']>,
): DataSourceOptions {
  if (url.startsWith('sqlite:')) {
    return {
      type: 'better-sqlite3',
      database: url.slice('sqlite:'.length),
      entities,
      enableWAL: true,
      prepareDatabase: (database: Database.Database) => {
        database.pragma('synchronous = FULL');
      },
      timeout: 5000,
    };
  }
  return {
    type: 'mariadb',
    url,
    entities,
    charset: 'utf8mb4',
    timezone: 'Z',
    poolSize: POOL_SIZE,
    isolationLevel: 'READ COMMITTED',
  };
}

/** Connections to the database, of every candidate. */
export const POOL_SIZE = 16;
