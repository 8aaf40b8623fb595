import { ClsPluginTransactional, TransactionHost } from '@nestjs-cls/transactional';
import { TransactionalAdapterTypeOrm } from '@nestjs-cls/transactional-adapter-typeorm';
import { getDataSourceToken } from '@nestjs/typeorm';
import { ClsModule } from 'nestjs-cls';
import { describeTransactionPerRequest } from '../support/library/transaction-per-request.js';

type Host = TransactionHost<TransactionalAdapterTypeOrm>;

describeTransactionPerRequest('@nestjs-cls/transactional', {
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
});
