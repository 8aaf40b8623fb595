import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import { createDatabase, type TestDatabase } from './support/database.js';
import { type HostSettings, startHost } from './support/library-host.js';

declare const testDatabase: TestDatabase['kind'];

/** What stops a host's start; '' when it starts. */
async function refusal(settings: Partial<HostSettings>): Promise<string> {
  const database = await createDatabase();
  try {
    // Not dropped twice.
    const host = await startHost({
      platform: 'express',
      database: { ...database, drop: () => Promise.resolve() },
      ...settings,
    });
    await host.close();
    return '';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await database.drop();
  }
}

describe('a host does not start', () => {
  const synchronized = { synchronize: true, migrationsRun: false };
  it('on a database that the module does not know', async () => {
    const empty = class {
      exec() {}
    };
    const sqljs = { type: 'sqljs', driver: { Database: empty }, migrationsRun: false, retryAttempts: 0 };
    const typeorm = sqljs as unknown as Partial<TypeOrmModuleOptions>;
    expect(await refusal({ typeorm })).toMatch(
      /type sqljs: it must be better-sqlite3, mariadb, mysql or postgres/,
    );
  });

  it('with tables under whose collation two tenants are one', async () => {
    const text = await refusal({ typeorm: synchronized });
    if (testDatabase !== 'mariadb') expect(text).toBe('');
    else expect(text).toMatch(/column project_id of the table tasks has the collation .*_ci.*migrations/s);
  });

  it.each([{ migrationsRun: false }, {}])(
    'but does so without tables, or with those of the migrations: %o',
    async (typeorm) => {
      expect(await refusal({ typeorm })).toBe('');
    },
  );
});
