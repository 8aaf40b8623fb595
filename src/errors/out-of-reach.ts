/** Codes of Node and of database drivers for a connection that cannot be had or was lost. */
const OUT_OF_REACH =
  /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|PROTOCOL_|ER_CON_COUNT|ER_SERVER_SHUTDOWN|ER_CONNECTION_KILLED|ER_DISK_FULL|ER_RECORD_FILE_FULL|ER_OPTION_PREVENTS_STATEMENT|ER_LOCK_DEADLOCK|SQLITE_BUSY|SQLITE_FULL|08\d{3}$|57P0\d$|53300$)/;

/** What PostgreSQL's driver says of the same, without a code. */
const LOST =
  /^(Connection terminated|Client (has encountered a connection error|was closed)|timeout (expired|exceeded when trying)|Query read timeout)/;

/** Whether an error says that the database does not answer. */
export function isOutOfReach(error: unknown): boolean {
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
  return OUT_OF_REACH.test(code) || (code === '' && LOST.test(message));
}
