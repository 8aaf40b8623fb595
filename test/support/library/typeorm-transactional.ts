import { getDataSourceToken } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import {
  addTransactionalDataSource,
  deleteDataSourceByName,
  initializeTransactionalContext,
  runInTransaction,
  StorageDriver,
} from 'typeorm-transactional';
import type { TransactionalHost } from './transaction-per-request.js';

export { StorageDriver };

/** The package keeps what it was told for as long as the process lives: one storage driver for each file of tests. */
export function typeormTransactional(storageDriver: StorageDriver): TransactionalHost {
  initializeTransactionalContext({ storageDriver });
  return {
    settings: () => ({
      dataSourceFactory: (options) => Promise.resolve(addTransactionalDataSource(new DataSource(options))),
    }),
    inTransaction: (_, work) => runInTransaction(work),
    query: (app, sql) => app.get<DataSource>(getDataSourceToken(), { strict: false }).query(sql),
    close: () => deleteDataSourceByName('default'),
  };
}
