/** The bit of the server's status, in MariaDB's and MySQL's answers, for an open transaction. */
const SERVER_STATUS_IN_TRANS = 1;

/** Whether an answer from MariaDB or MySQL says that a transaction is open. Rows do not say so. */
export function saysOpen(answer: unknown): boolean {
  const { serverStatus = 0 } = (answer ?? {}) as { serverStatus?: number };
  return (serverStatus & SERVER_STATUS_IN_TRANS) !== 0;
}
