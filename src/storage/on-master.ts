import type { DataSource, EntityManager } from 'typeorm';

/**
 * Reads from the database that is written to. With `replication`, TypeORM reads from a replica, which may not have the
 * latest writes yet; reads inside this function avoid it.
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
