/** What MariaDB's, MySQL's and PostgreSQL's drivers tell with an error. */
interface DriverError {
  code?: string;
  errno?: number;
  fatal?: boolean;
  /** Only what a MariaDB or MySQL server has said itself has one. */
  sqlState?: string;
}

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

/** The bit of the server's status, in MariaDB's and MySQL's answers, that says that a transaction is open. */
const SERVER_STATUS_IN_TRANS = 1;

/** Whether an answer of MariaDB's or MySQL's says that a transaction is open. Rows do not tell. */
export function saysOpen(answer: unknown): boolean {
  const { serverStatus = 0 } = (answer ?? {}) as { serverStatus?: number };
  return (serverStatus & SERVER_STATUS_IN_TRANS) !== 0;
}
