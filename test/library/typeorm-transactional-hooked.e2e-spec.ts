/**
 * The package changes TypeORM's classes.
 *
 * @jest-environment node
 */
import { describeCurrentTransaction } from '../support/library/current-transaction.js';
import { describeTransactionPerRequest } from '../support/library/transaction-per-request.js';
import { StorageDriver, typeormTransactional } from '../support/library/typeorm-transactional.js';

const transactional = typeormTransactional(StorageDriver.CLS_HOOKED);

describeTransactionPerRequest('typeorm-transactional over cls-hooked', transactional);
describeCurrentTransaction('typeorm-transactional over cls-hooked', transactional);
