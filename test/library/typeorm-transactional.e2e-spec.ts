import { describeTransactionPerRequest } from '../support/library/transaction-per-request.js';
import { StorageDriver, typeormTransactional } from '../support/library/typeorm-transactional.js';

describeTransactionPerRequest(
  'typeorm-transactional over AsyncLocalStorage',
  typeormTransactional(StorageDriver.ASYNC_LOCAL_STORAGE),
);
