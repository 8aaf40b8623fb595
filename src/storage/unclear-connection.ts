import type { DriverError } from './driver-error.js';

/**
 * The classes of SQLSTATE after which a connection is what it was before: of values, constraints, transactions that were
 * undone for another's sake, names, and conditions of one's own.
 */
const CLEAR = /^(22|23|40|42|45)[0-9A-Z]{3}$/;

/**
 * Whether, after an error, anything of the connection is unclear: a transaction that should have ended may be open, and
 * what is written next would be a part of it. A node of a cluster that has lost the others refuses even ROLLBACK. Such a
 * connection must not come back to the pool.
 */
export function isUnclearAfter(error: unknown): boolean {
  const { code = '', sqlState = code, fatal = false } = (error ?? {}) as DriverError;
  return fatal || !CLEAR.test(sqlState);
}

/**
 * A statement was answered as if it were committed, while the server says that a transaction is open: whether it stays is
 * not known, as when the connection is lost, and it counts as that.
 */
export class OpenTransactionError extends Error {
  readonly code = 'PROTOCOL_CONNECTION_LOST';
  readonly fatal = true;

  constructor() {
    super('The database says that a transaction is open, where none was begun. The connection is closed.');
  }
}
