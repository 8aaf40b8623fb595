import { TASKS_ENTITIES, TASKS_MIGRATIONS } from 'tasktag';
import type { DataSourceOptions } from 'typeorm';
import { Booking } from './booking.entity.js';
import { CreateBookings1790000000000 } from './migrations/1790000000000-create-bookings.js';

const COMMON = {
  entities: [Booking, ...TASKS_ENTITIES],
  migrations: [CreateBookings1790000000000, ...TASKS_MIGRATIONS],
};

/** The database of an application: `sqlite:<file>`, `mysql://…` (MariaDB, too) or `postgres://…`. */
export function dataSourceOptions(url = process.env['DATABASE_URL'] ?? ''): DataSourceOptions {
  const [kind] = url.split(':', 1);
  switch (kind) {
    case 'sqlite':
      return { ...COMMON, type: 'better-sqlite3', database: url.slice('sqlite:'.length), enableWAL: true };
    case 'mysql':
      return { ...COMMON, type: 'mariadb', url, timezone: 'Z' };
    case 'postgres':
      return { ...COMMON, type: 'postgres', url };
    default:
      throw new Error('DATABASE_URL must name an SQLite, MariaDB or PostgreSQL database');
  }
}
