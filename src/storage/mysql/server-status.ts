/** The bit of the server's status, in MariaDB's and MySQL's answers, that says that a transaction is open. */
const SERVER_STATUS_IN_TRANS = 1;

/** Whether an answer of MariaDB's or MySQL's says that a transaction is open. Rows do not say it. */
export function saysOpen(answer: unknown): boolean {
  const { serverStatus = 0 } = (answer ?? {}) as { serverStatus?: number };
  return (serverStatus & SERVER_STATUS_IN_TRANS) !== 0;
}
