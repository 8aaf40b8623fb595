import { freemem } from 'node:os';
import { onServer } from '../../test/support/database/database.js';
import { select } from '../databases.js';

/** What holds ten million tasks and their indexes. */
export const POOL_GB = 8;

/** Why MariaDB cannot have a buffer pool of that size for a while, or `null`. */
export async function whyNoLargePool(): Promise<string | null> {
  if (freemem() < (POOL_GB + 2) * 2 ** 30) return `there are no ${POOL_GB + 2} GB of memory free`;
  try {
    await onServer('SET GLOBAL innodb_buffer_pool_size = @@innodb_buffer_pool_size');
    return null;
  } catch {
    return "MariaDB's user may not set the size of the buffer pool";
  }
}

/**
 * Gives MariaDB a large buffer pool, and reads a database's tasks into it.
 *
 * @returns gives it the pool back that it had
 */
export async function enlargePool(database: string): Promise<() => Promise<void>> {
  const [row] = await select('SELECT @@innodb_buffer_pool_size AS size');
  await resize(POOL_GB * 2 ** 30);
  console.log('look-up: the tasks are read into memory');
  for (const index of ['PRIMARY', 'tasks_by_tag']) {
    // A column of the key that no other index begins with; of the rows themselves one that no index has.
    const column = index === 'PRIMARY' ? 'request_id' : 'tag';
    await select(`SELECT COUNT(${column}) FROM tasks FORCE INDEX (${index})`, database);
  }
  return () => resize(Number(row?.['size']));
}

async function resize(bytes: number): Promise<void> {
  await onServer(`SET GLOBAL innodb_buffer_pool_size = ${bytes}`);
  for (let size = NaN; size !== bytes;) {
    const [row] = await select('SELECT @@innodb_buffer_pool_size AS size');
    // MariaDB takes whole chunks.
    size = Math.abs(Number(row?.['size']) - bytes) < 2 ** 28 ? bytes : NaN;
    if (size !== bytes) await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
