/**
 * The current transaction of `typeorm-transactional`, for the option `currentManager`.
 *
 * @packageDocumentation
 */
import type { EntityManager } from 'typeorm';
import { getDataSourceByName } from 'typeorm-transactional';

/**
 * The entity manager of the transaction that `@Transactional()` or `runInTransaction()` has opened:
 * `currentManager: fromTransactionalDataSource()`.
 *
 * @param name the data source's, as told to `addTransactionalDataSource()`; default: `default`
 */
export function fromTransactionalDataSource(name = 'default'): () => EntityManager | undefined {
  return () => {
    const dataSource = getDataSourceByName(name);
    if (dataSource === undefined) {
      throw new Error(
        `typeorm-transactional knows no data source "${name}": pass it to addTransactionalDataSource().`,
      );
    }
    // The package has replaced this property: it is the manager of the current transaction, if there is one.
    return dataSource.manager;
  };
}
