import { select } from '../databases.js';

/** Bytes of a task in MariaDB, its row and its entries in all indexes, when there are so many. */
export async function bytesOfTask(database: string, tasks: number): Promise<number> {
  const [size] = await select(
    `SELECT data_length + index_length AS bytes FROM information_schema.tables
      WHERE table_schema = '${database}' AND table_name = 'tasks'`,
  );
  return Number(size?.['bytes']) / tasks;
}
