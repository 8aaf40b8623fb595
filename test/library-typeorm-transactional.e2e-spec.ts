import { describeTransactionPerRequest } from './support/transaction-per-request.js';
import { StorageDriver, typeormTransactional } from './support/typeorm-transactional.js';

describeTransactionPerRequest(
  'typeorm-transactional over AsyncLocalStorage',
  typeormTransactional(StorageDriver.ASYNC_LOCAL_STORAGE),
);
