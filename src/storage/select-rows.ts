import type Database from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import type { Statement } from './all-or-nothing.js';
import type { Row } from './grouped-rows.js';
import { mysqlQuery } from './mysql-query.js';
import { postgresQuery } from './postgres-query.js';

/**
 * The rows of a SELECT, as the driver gives them. Without TypeORM's builder, which takes several times as long for one
 * as the database does.
 *
 * @param statement the same text in every database, each parameter one `?`
 * @throws the driver's error
 */
export function selectRows(dataSource: DataSource, { sql, parameters }: Statement): Promise<Row[]> {
  switch (dataSource.options.type) {
    case 'better-sqlite3':
      return selectFromSqlite(dataSource, sql, parameters);
    case 'postgres':
      return selectFromPostgres(dataSource, sql, parameters);
    default:
      return mysqlQuery(dataSource, sql, parameters);
  }
}

/** Its parameters have numbers. */
function selectFromPostgres(dataSource: DataSource, sql: string, parameters: unknown[]): Promise<Row[]> {
  let n = 0;
  return postgresQuery(
    dataSource,
    sql.replaceAll('?', () => `$${(n += 1)}`),
    parameters,
  );
}

// eslint-disable-next-line @typescript-eslint/require-await -- what SQLite throws is to reject the promise
async function selectFromSqlite(dataSource: DataSource, sql: string, parameters: unknown[]): Promise<Row[]> {
  const { databaseConnection } = dataSource.driver as unknown as { databaseConnection: Database.Database };
  dataSource.logger.logQuery(sql, parameters);
  return databaseConnection.prepare<unknown[], Row>(sql).all(...parameters);
}
