/**
 * Codes of Node and of database drivers for a connection that cannot be had or was lost, and for a database that takes
 * nothing now: it stops, has no room, has become read-only, has lost its cluster, or lets nothing through in time.
 */
const OUT_OF_REACH = new RegExp(
  `^(${[
    'ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|PROTOCOL_',
    'ER_CON_COUNT|ER_USER_LIMIT_REACHED|ER_TOO_MANY_USER_CONNECTIONS|ER_(SERVER|NORMAL)_SHUTDOWN|ER_CONNECTION_KILLED|ER_DISK_FULL|ER_RECORD_FILE_FULL',
    'ER_OPTION_PREVENTS_STATEMENT|ER_UNKNOWN_COM_ERROR|ER_ERROR_DURING_COMMIT|ER_LOCK_DEADLOCK|ER_LOCK_WAIT_TIMEOUT',
    'ER_QUERY_INTERRUPTED|ER_QUERY_TIMEOUT',
    'SQLITE_(BUSY|FULL|IOERR|CANTOPEN|READONLY)',
    '(08|53|58)\\d{3}$|57014$|57P0\\d$|55P03$|25006$|40001$|40P01$',
  ].join('|')})`,
);

/** What PostgreSQL's driver says of the same, without a code. */
const LOST =
  /^(Connection terminated|Client (has encountered a connection error|was closed)|timeout (expired|exceeded when trying)|Query read timeout)/;

/** Errors of MariaDB's that its driver has no name for, by number. */
const OF_MARIADB = new Set([
  1969, // ER_STATEMENT_TIMEOUT
]);

interface DriverError {
  code?: string;
  errno?: number;
  message?: string;
  /** Of MariaDB's and MySQL's driver: the connection is of no use any more. */
  fatal?: boolean;
}

/** Whether an error says that the database does not answer. */
export function isOutOfReach(error: unknown): boolean {
  // TypeORM wraps what the driver says.
  const { driverError = error } = (error ?? {}) as { driverError?: unknown };
  const { code = '', errno = 0, message = '', fatal = false } = (driverError ?? {}) as DriverError;
  return OUT_OF_REACH.test(code) || OF_MARIADB.has(errno) || fatal || (code === '' && LOST.test(message));
}
