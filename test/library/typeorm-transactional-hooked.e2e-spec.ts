import { describeTransactionPerRequest } from '../support/library/transaction-per-request.js';
import { StorageDriver, typeormTransactional } from '../support/library/typeorm-transactional.js';

describeTransactionPerRequest(
  'typeorm-transactional over cls-hooked',
  typeormTransactional(StorageDriver.CLS_HOOKED),
);
