import { getDataSourceToken } from '@nestjs/typeorm';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource, EntityManager } from 'typeorm';
import { describeTransactionPerRequest } from '../support/library/transaction-per-request.js';

const managers = new AsyncLocalStorage<EntityManager>();

describeTransactionPerRequest('TypeORM itself', {
  settings: () => ({}),
  inTransaction: (app, work) =>
    app
      .get<DataSource>(getDataSourceToken(), { strict: false })
      .transaction((manager) => managers.run(manager, work)),
  query: (_, sql) => managers.getStore()?.query(sql) ?? Promise.reject(new Error('no transaction')),
});
