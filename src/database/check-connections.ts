import type { DataSource } from 'typeorm';
import { UnusableDatabaseError } from './database.errors.js';
import { mysqlQuery } from './mysql-query.js';

/**
 * Asks the connections of a data source, whoever has made it, whether what is written over them is what is there
 * afterwards.
 *
 * @throws UnusableDatabaseError when it is not
 */
export async function checkConnections(dataSource: DataSource): Promise<void> {
  const { type } = dataSource.options;
  if (type !== 'mysql' && type !== 'mariadb') return;
  const [row] = await mysqlQuery<{ mode: string }[]>(dataSource, 'SELECT @@sql_mode AS mode', []);
  checkMode(row?.mode ?? '');
}

/**
 * @param mode MariaDB's or MySQL's `sql_mode`
 * @throws UnusableDatabaseError when texts would be changed under it
 */
export function checkMode(mode: string): void {
  if (!/STRICT_(TRANS|ALL)_TABLES/.test(mode)) {
    throw new UnusableDatabaseError(
      `The database server's sql_mode is not strict, so it would cut values short silently; add STRICT_TRANS_TABLES.`,
    );
  }
  if (/NO_BACKSLASH_ESCAPES/.test(mode)) {
    throw new UnusableDatabaseError(
      `The database server's sql_mode has NO_BACKSLASH_ESCAPES, under which the driver cannot quote texts; remove it.`,
    );
  }
}
