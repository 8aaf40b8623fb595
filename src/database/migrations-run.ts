import type { DataSource } from 'typeorm';

/**
 * The names of the migrations that have been run on a database.
 *
 * TypeORM's own `showMigrations` creates the table if it is missing; this changes nothing.
 */
export async function migrationsRun(dataSource: DataSource): Promise<Set<string>> {
  const table = dataSource.options.migrationsTableName ?? 'migrations';
  const rows: { name: string }[] = await dataSource.query(`SELECT name FROM ${table}`);
  return new Set(rows.map(({ name }) => name));
}

/** The names of a data source's migrations that have not been run on its database. */
export async function missingMigrations(dataSource: DataSource): Promise<string[]> {
  const run = await migrationsRun(dataSource);
  return dataSource.migrations
    .map(({ name, constructor }) => name ?? constructor.name)
    .filter((name) => !run.has(name));
}
