import type { DriverErrors } from '../driver-error.js';

/** Classes of SQLSTATE: values, constraints, and transactions that were undone in favour of another. */
const PERHAPS_ONE_ROWS = /^(22|23|40|55)[0-9A-Z]{3}$/;

/** No connection, no room, an error of the system; stopped, or ended for lasting too long; read-only; undone. */
const OUT_OF_REACH = /^((08|53|58)\d{3}|57014|57P0\d|55P03|25006|40001|40P01)$/;

/** The driver's messages for a lost connection, without a code. */
const LOST =
  /^(Connection terminated|Client (has encountered a connection error|was closed)|timeout (expired|exceeded when trying)|Query read timeout)/;

/** PostgreSQL's errors. */
export const POSTGRES_ERRORS: DriverErrors = {
  isUniqueViolation: ({ code }) => code === '23505',
  isMissingTable: ({ code }) => code === '42P01' || code === '42703',
  isDeadlock: ({ code }) => code === '40P01' || code === '40001',
  // `lock_timeout` has passed.
  isLockTimeout: ({ code }) => code === '55P03',
  isPerhapsOneRows: ({ code = '' }) => PERHAPS_ONE_ROWS.test(code),
  isOutOfReach: ({ code = '', message = '' }) =>
    OUT_OF_REACH.test(code) || (code === '' && LOST.test(message)),
};
