import type { DataSource } from 'typeorm';
import { until } from '../until.js';

/**
 * Tells the database how many tasks there are, so that it plans as it would for a large table.
 *
 * MariaDB counts in the background too, after the database of an earlier test was emptied. Such a count may have begun
 * before the rows of this test were there, and may be written last; so the table is analyzed until its count is right.
 */
export async function analyzed(source: DataSource, count: number): Promise<void> {
  if (source.options.type !== 'mysql' && source.options.type !== 'mariadb') {
    await source.query('ANALYZE tasks');
    return;
  }
  await until('the number of tasks in the statistics', async () => {
    await source.query('ANALYZE TABLE tasks');
    const [{ known }]: [{ known: string }] = await source.query(
      `SELECT table_rows AS known FROM information_schema.tables
         WHERE table_schema = DATABASE() AND table_name = 'tasks'`,
    );
    return Number(known) > count / 2;
  });
}
