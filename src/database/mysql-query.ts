import type { PoolConnection, QueryError } from 'mysql2';
import type { DataSource } from 'typeorm';

interface MysqlDriver {
  obtainMasterConnection(): Promise<PoolConnection>;
}

/**
 * Sends one statement over a connection of TypeORM's pool. What TypeORM does around a statement costs more than the
 * statement does: a query runner, events, and a stack for an error that does not come.
 *
 * @returns the rows of a statement that gives rows, else mysql2's `ResultSetHeader`
 * @throws the driver's error
 */
export async function mysqlQuery<Result>(
  dataSource: DataSource,
  sql: string,
  parameters: unknown[],
): Promise<Result> {
  const connection = await (dataSource.driver as unknown as MysqlDriver).obtainMasterConnection();
  dataSource.logger.logQuery(sql, parameters);
  return new Promise((resolve, reject) => {
    connection.query(sql, parameters, (error: QueryError | null, result: unknown) => {
      connection.release();
      if (error === null) resolve(result as Result);
      else reject(error);
    });
  });
}
