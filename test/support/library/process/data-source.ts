import type { TypeOrmModuleOptions } from '@nestjs/typeorm';

/** The data source of a host, without the library's migrations. */
export function dataSourceAt(url: string): TypeOrmModuleOptions {
  const common = { autoLoadEntities: true, migrationsRun: true };
  if (url.startsWith('sqlite:')) {
    return { ...common, type: 'better-sqlite3', database: url.slice('sqlite:'.length), enableWAL: true };
  }
  if (url.startsWith('mysql:')) return { ...common, type: 'mariadb', url, timezone: 'Z' };
  return { ...common, type: 'postgres', url };
}
