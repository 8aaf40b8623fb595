import type Database from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DataSourceOptions } from 'typeorm';
import { UnusableDatabaseError } from '../storage/database.errors.js';
import { parseDatabaseUrl } from './database-url.js';
import { limitedSocket } from './limited-socket.js';
import { checkServer } from './server-check.js';

/** The tables of the database, and their migrations. */
export type Schema = Pick<DataSourceOptions, 'entities' | 'migrations'>;

/**
 * TypeORM's options for a `DATABASE_URL`. The code that opens the data source runs the migrations; the schema is never
 * synchronised.
 *
 * @throws UnusableDatabaseError when the database cannot keep the promises
 */
export async function dataSourceOptions(url: string, schema: Schema): Promise<DataSourceOptions> {
  const common = { ...schema, migrationsTableName: 'migrations', synchronize: false };
  const parsed = parseDatabaseUrl(url);
  if (parsed.kind === 'sqlite') {
    makeFolder(parsed.path);
    return {
      ...common,
      type: 'better-sqlite3',
      database: parsed.path,
      enableWAL: true,
      // A commit is on disk when it returns: an answered request survives a power cut.
      prepareDatabase: (database: Database.Database) => {
        database.pragma('synchronous = FULL');
      },
      timeout: 5000,
    };
  }
  const { user, ...server } = parsed.address;
  return {
    ...common,
    type: await checkServer(parsed.address),
    ...server,
    username: user,
    charset: 'utf8mb4',
    timezone: 'Z',
    poolSize: 16,
    connectTimeout: 5000,
    // No gap locks: claiming due rows must not hold up the recording of new ones.
    isolationLevel: 'READ COMMITTED',
    extra: { stream: limitedSocket },
  };
}

function makeFolder(path: string): void {
  if (path === ':memory:') return;
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw new UnusableDatabaseError(
      `The folder of the database cannot be made: ${(error as Error).message}.`,
    );
  }
}
