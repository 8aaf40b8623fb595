import type { DriverError } from './driver-error.js';

/**
 * The classes of SQLSTATE after which a connection is unchanged: values, constraints, transactions that were undone in
 * favour of another, names, and user-defined conditions.
 */
const CLEAR = /^(22|23|40|42|45)[0-9A-Z]{3}$/;

/**
 * Whether an error leaves the state of the connection unclear: a transaction that should have ended may be open, and
 * the next write would be part of it. A node of a cluster that has lost the others refuses even ROLLBACK. Such a
 * connection must not return to the pool.
 */
export function isUnclearAfter(error: unknown): boolean {
  const { code = '', sqlState = code, fatal = false } = (error ?? {}) as DriverError;
  return fatal || !CLEAR.test(sqlState);
}

/**
 * A statement was answered as if it were committed, while the server says that a transaction is open. Whether it lasts
 * is not known, so this counts as a lost connection.
 */
export class OpenTransactionError extends Error {
  readonly code = 'PROTOCOL_CONNECTION_LOST';
  readonly fatal = true;

  constructor() {
    super('The database reports an open transaction, though none was begun. The connection is closed.');
  }
}
