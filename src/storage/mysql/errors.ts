import type { DriverErrors } from '../driver-error.js';

const OUT_OF_REACH = new RegExp(
  `^(${[
    'PROTOCOL_',
    'ER_CON_COUNT|ER_USER_LIMIT_REACHED|ER_TOO_MANY_USER_CONNECTIONS|ER_(SERVER|NORMAL)_SHUTDOWN|ER_CONNECTION_KILLED|ER_DISK_FULL|ER_RECORD_FILE_FULL',
    'ER_OPTION_PREVENTS_STATEMENT|ER_UNKNOWN_COM_ERROR|ER_ERROR_DURING_COMMIT|ER_LOCK_DEADLOCK|ER_LOCK_WAIT_TIMEOUT',
    'ER_QUERY_INTERRUPTED|ER_QUERY_TIMEOUT',
  ].join('|')})`,
);

/** MariaDB's ER_STATEMENT_TIMEOUT (max_statement_time), for which the driver has no name; MySQL has 3024. */
const STATEMENT_TIMEOUT = 1969;

/** Errors that are no row's fault: each row by itself would fail in the same way. */
const NO_ROWS_FAULT = new Set([
  1021, // ER_DISK_FULL
  1040, // ER_CON_COUNT_ERROR
  1047, // ER_UNKNOWN_COM_ERROR: a node that is not part of its cluster
  1053, // ER_SERVER_SHUTDOWN
  1114, // ER_RECORD_FILE_FULL
  1180, // ER_ERROR_DURING_COMMIT: such a node, during a commit; the result is not known
  1290, // ER_OPTION_PREVENTS_STATEMENT: read only
  1317, // ER_QUERY_INTERRUPTED
  1927, // ER_CONNECTION_KILLED
  STATEMENT_TIMEOUT,
  3024, // ER_QUERY_TIMEOUT
]);

/** MySQL's and MariaDB's errors. */
export const MYSQL_ERRORS: DriverErrors = {
  isUniqueViolation: ({ code }) => code === 'ER_DUP_ENTRY',
  isMissingTable: ({ code }) => code === 'ER_NO_SUCH_TABLE' || code === 'ER_BAD_FIELD_ERROR',
  isDeadlock: ({ code }) => code === 'ER_LOCK_DEADLOCK' || code === 'ER_CHECKREAD',
  isLockTimeout: ({ code }) => code === 'ER_LOCK_WAIT_TIMEOUT',
  isPerhapsOneRows: ({ sqlState, errno = 0, fatal = false }) =>
    sqlState !== undefined && !NO_ROWS_FAULT.has(errno) && !fatal,
  isOutOfReach: ({ code = '', errno }) => OUT_OF_REACH.test(code) || errno === STATEMENT_TIMEOUT,
};
