/**
 * Codes of Node and of database drivers for a connection that cannot be had or was lost, and for a database that takes
 * nothing now: it stops, has no room, has become read-only, or has lost its cluster.
 */
const OUT_OF_REACH = new RegExp(
  `^(${[
    'ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|PROTOCOL_',
    'ER_CON_COUNT|ER_(SERVER|NORMAL)_SHUTDOWN|ER_CONNECTION_KILLED|ER_DISK_FULL|ER_RECORD_FILE_FULL',
    'ER_OPTION_PREVENTS_STATEMENT|ER_UNKNOWN_COM_ERROR|ER_LOCK_DEADLOCK',
    'SQLITE_(BUSY|FULL|IOERR|CANTOPEN|READONLY)',
    '(08|53|58)\\d{3}$|57P0\\d$|25006$|40001$|40P01$',
  ].join('|')})`,
);

/** What PostgreSQL's driver says of the same, without a code. */
const LOST =
  /^(Connection terminated|Client (has encountered a connection error|was closed)|timeout (expired|exceeded when trying)|Query read timeout)/;

interface DriverError {
  code?: string;
  message?: string;
  /** Of MariaDB's and MySQL's driver: the connection is of no use any more. */
  fatal?: boolean;
}

/** Whether an error says that the database does not answer. */
export function isOutOfReach(error: unknown): boolean {
  // TypeORM wraps what the driver says.
  const { driverError = error } = (error ?? {}) as { driverError?: unknown };
  const { code = '', message = '', fatal = false } = (driverError ?? {}) as DriverError;
  return OUT_OF_REACH.test(code) || fatal || (code === '' && LOST.test(message));
}
