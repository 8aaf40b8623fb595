import type { DataSource, EntityManager } from 'typeorm';

/**
 * Reads from where is written. With `replication`, TypeORM reads from a replica, which may not have yet what was just
 * written; what is read inside stays away from it.
 */
export async function onMaster<T>(
  dataSource: DataSource,
  read: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner('master');
  try {
    return await read(runner.manager);
  } finally {
    await runner.release();
  }
}
