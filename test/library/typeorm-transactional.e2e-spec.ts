/**
 * The package changes TypeORM's classes.
 *
 * @jest-environment node
 */
import { describeCurrentTransaction } from '../support/library/current-transaction.js';
import { describeTransactionPerRequest } from '../support/library/transaction-per-request.js';
import { StorageDriver, typeormTransactional } from '../support/library/typeorm-transactional.js';

const transactional = typeormTransactional(StorageDriver.ASYNC_LOCAL_STORAGE);

describeTransactionPerRequest('typeorm-transactional over AsyncLocalStorage', transactional);
describeCurrentTransaction('typeorm-transactional over AsyncLocalStorage', transactional);
