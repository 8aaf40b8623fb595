import { ClsPluginTransactional, Transactional, TransactionHost } from '@nestjs-cls/transactional';
import { TransactionalAdapterTypeOrm } from '@nestjs-cls/transactional-adapter-typeorm';
import { getDataSourceToken } from '@nestjs/typeorm';
import { ClsModule } from 'nestjs-cls';
import { fromTransactionHost } from '../../src/transactions/nestjs-cls.js';
import { describeCurrentTransaction } from '../support/library/current-transaction.js';
import {
  describeTransactionPerRequest,
  type TransactionalHost,
} from '../support/library/transaction-per-request.js';

type Host = TransactionHost<TransactionalAdapterTypeOrm>;

const transactional: TransactionalHost = {
  settings: () => ({
    imports: [
      ClsModule.forRoot({
        middleware: { mount: true },
        plugins: [
          new ClsPluginTransactional({
            adapter: new TransactionalAdapterTypeOrm({ dataSourceToken: getDataSourceToken() }),
          }),
        ],
      }),
    ],
  }),
  inTransaction: (app, work) => app.get<Host>(TransactionHost, { strict: false }).withTransaction(work),
  query: (app, sql) => app.get<Host>(TransactionHost, { strict: false }).tx.query(sql),
};

describeTransactionPerRequest('@nestjs-cls/transactional', transactional);
describeCurrentTransaction('@nestjs-cls/transactional', {
  ...transactional,
  Transactional: () => Transactional(),
  currentManager: fromTransactionHost(),
});
