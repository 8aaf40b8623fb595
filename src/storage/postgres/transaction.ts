import type { DataSource } from 'typeorm';
import { type Answer, type Query, type TransactionConnection, transactionOver } from '../transaction.js';
import { type PostgresClient, postgresConnection } from './query.js';

/** Does work in a transaction over a connection of a data source; see `transactionOver`. */
export async function postgresTransaction<T>(
  dataSource: DataSource,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  return transactionOver(inPostgres(await postgresConnection(dataSource)), dataSource.logger, work);
}

function inPostgres({ client, isOpen, release }: PostgresClient): TransactionConnection {
  return {
    begin: ['BEGIN ISOLATION LEVEL READ COMMITTED'],
    commit: 'COMMIT',
    rollback: 'ROLLBACK',
    query: async (sql, parameters) => {
      const { rows, rowCount } = await client.query(sql, parameters);
      return { rows: rows as Answer['rows'], affected: rowCount ?? 0 };
    },
    isOpen,
    release: () => release(),
    destroy: () => release(new Error('It is not clear whether the transaction has ended.')),
  };
}
