import { isOutOfReach } from '../errors/out-of-reach.js';

/** Errors of MariaDB's and MySQL's that are no row's fault: each row by itself would fail alike. */
const NO_ROWS_FAULT = new Set([
  1021, // ER_DISK_FULL
  1040, // ER_CON_COUNT_ERROR
  1047, // ER_UNKNOWN_COM_ERROR: a node that is not part of its cluster
  1053, // ER_SERVER_SHUTDOWN
  1114, // ER_RECORD_FILE_FULL
  1180, // ER_ERROR_DURING_COMMIT: such a node again, while it committed; whether it did is not known
  1290, // ER_OPTION_PREVENTS_STATEMENT: read only
  1317, // ER_QUERY_INTERRUPTED
  1927, // ER_CONNECTION_KILLED
  1969, // ER_STATEMENT_TIMEOUT: max_statement_time; MySQL has 3024
  3024, // ER_QUERY_TIMEOUT
]);

/** `innodb_lock_wait_timeout` has passed; PostgreSQL's `lock_timeout`. */
const LOCK_TIMEOUTS = new Set(['ER_LOCK_WAIT_TIMEOUT', '55P03']);

interface DriverError {
  code?: string;
  errno?: number;
  fatal?: boolean;
  /** Only what a MariaDB or MySQL server has said itself has one. */
  sqlState?: string;
}

/**
 * Whether a group may have failed because of one of its rows: the database has undone it, and would take the others.
 * Not so when the connection was lost, or when the disk is full or the file locked, which is no row's fault.
 */
export function isPerhapsOneRows(error: unknown): boolean {
  const { driverError = error } = error as { driverError?: unknown };
  const { code = '', errno = 0, fatal = false, sqlState } = driverError as DriverError;
  if (code.startsWith('SQLITE_')) return /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/.test(code);
  // PostgreSQL's states: of values and of constraints, and when a transaction was undone for another's sake.
  if (/^[0-9A-Z]{5}$/.test(code)) return /^(22|23|40|55)/.test(code);
  if (sqlState !== undefined) return !NO_ROWS_FAULT.has(errno) && !fatal;
  // Without a code it is the driver's own: of a lost connection, or about a value that it cannot send.
  return code === '' && !fatal && !isOutOfReach(driverError);
}

/** Whether a statement has waited too long for a row that somebody keeps locked; the database has undone it. */
export function isLockTimeout(error: unknown): boolean {
  const { driverError = error } = error as { driverError?: unknown };
  return LOCK_TIMEOUTS.has((driverError as DriverError).code ?? '');
}
