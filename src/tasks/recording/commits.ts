import type { DataSource, EntitySubscriberInterface, QueryRunner } from 'typeorm';
import type { Settled } from './outcome-writes.js';

/** Tells of outcomes that were written in transactions of a host, once those are committed. */
export class Commits {
  private readonly written = new WeakMap<QueryRunner, Settled[]>();
  private readonly watched = new WeakSet<DataSource>();

  /** @param onCommitted must not throw */
  constructor(private readonly onCommitted: (settled: Settled) => void) {}

  /** An outcome was written in a transaction that is open. */
  add(queryRunner: QueryRunner, settled: Settled): void {
    this.watch(queryRunner.dataSource);
    const written = this.written.get(queryRunner) ?? [];
    this.written.set(queryRunner, [...written, settled]);
  }

  private watch(dataSource: DataSource): void {
    if (this.watched.has(dataSource)) return;
    this.watched.add(dataSource);
    const subscriber: EntitySubscriberInterface = {
      afterTransactionCommit: ({ queryRunner }) => {
        // A savepoint was released; the transaction goes on.
        if (queryRunner.isTransactionActive) return;
        for (const settled of this.take(queryRunner)) this.onCommitted(settled);
      },
      // A rollback to a savepoint may have undone only some of them: rather no news than wrong news.
      afterTransactionRollback: ({ queryRunner }) => void this.take(queryRunner),
    };
    dataSource.subscribers.push(subscriber);
  }

  private take(queryRunner: QueryRunner): Settled[] {
    const written = this.written.get(queryRunner) ?? [];
    this.written.delete(queryRunner);
    return written;
  }
}
