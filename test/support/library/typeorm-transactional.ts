import { getDataSourceToken } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import {
  addTransactionalDataSource,
  deleteDataSourceByName,
  initializeTransactionalContext,
  runInTransaction,
  StorageDriver,
  Transactional,
} from 'typeorm-transactional';
import { fromTransactionalDataSource } from '../../../src/transactions/typeorm-transactional.js';
import type { CurrentTransactionHost } from './current-transaction.js';

export { StorageDriver };

/** The package keeps what it was told for as long as the process lives: one storage driver for each file of tests. */
export function typeormTransactional(storageDriver: StorageDriver): CurrentTransactionHost {
  initializeTransactionalContext({ storageDriver });
  return {
    settings: () => ({
      dataSourceFactory: (options) => Promise.resolve(addTransactionalDataSource(new DataSource(options))),
    }),
    inTransaction: (_, work) => runInTransaction(work),
    query: (app, sql) => app.get<DataSource>(getDataSourceToken(), { strict: false }).query(sql),
    Transactional: () => Transactional(),
    currentManager: fromTransactionalDataSource(),
    close: () => deleteDataSourceByName('default'),
  };
}
