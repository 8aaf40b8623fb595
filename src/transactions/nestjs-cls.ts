/**
 * The current transaction of `@nestjs-cls/transactional`, for the option `currentManager`.
 *
 * @packageDocumentation
 */
import { TransactionHost } from '@nestjs-cls/transactional';
import type { EntityManager } from 'typeorm';

/**
 * The entity manager of the transaction that `@Transactional()` or `TransactionHost` has opened, with the TypeORM
 * adapter: `currentManager: fromTransactionHost()`.
 *
 * @param connectionName as told to `ClsPluginTransactional`; default: none
 */
export function fromTransactionHost(connectionName?: string): () => EntityManager | undefined {
  return () => {
    const host = TransactionHost.getInstance(connectionName) as unknown as TypeOrmTransactionHost;
    return host.isTransactionActive() ? host.tx : undefined;
  };
}

/** What its adapter for TypeORM makes of the `TransactionHost`. */
interface TypeOrmTransactionHost {
  isTransactionActive: () => boolean;
  tx: EntityManager;
}
