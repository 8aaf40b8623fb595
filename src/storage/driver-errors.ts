import { type DriverError, driverErrorOf, type DriverErrors } from './driver-error.js';
import { KINDS } from './storage-of.js';

/**
 * The meaning of an error, whichever database it comes from: no code means different things in two databases. Each
 * folder has the codes of its database; here are only those of Node, and errors of drivers without a code.
 */
const OF_EACH_DATABASE = Object.values(KINDS).map(({ errors }) => errors);

/** Node's codes for a connection that cannot be made, or was lost. */
const NO_CONNECTION = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/;

/** Whether a statement failed because a row with the same unique key exists. */
export function isUniqueViolation(error: unknown): boolean {
  return isOne('isUniqueViolation', driverErrorOf(error));
}

/** Whether a statement failed because a table or one of its columns does not exist. */
export function isMissingTable(error: unknown): boolean {
  return isOne('isMissingTable', driverErrorOf(error));
}

/** Whether a statement lost against another transaction, and may be tried again. */
export function isDeadlock(error: unknown): boolean {
  return isOne('isDeadlock', driverErrorOf(error));
}

/** Whether a statement has waited too long for a locked row; the database has undone it. */
export function isLockTimeout(error: unknown): boolean {
  return isOne('isLockTimeout', driverErrorOf(error));
}

/** Whether an error means that the database does not answer, or accepts nothing now. */
export function isOutOfReach(error: unknown): boolean {
  const found = driverErrorOf(error);
  return found.fatal === true || NO_CONNECTION.test(found.code ?? '') || isOne('isOutOfReach', found);
}

/**
 * Whether a group may have failed because of one of its rows: the database has undone it, and would accept the others.
 * This is not so if the connection was lost, the disk is full or the file is locked: no row is at fault then.
 */
export function isPerhapsOneRows(error: unknown): boolean {
  const found = driverErrorOf(error);
  const isTheDrivers = (found.code ?? '') === '' && found.sqlState === undefined;
  // The driver's own errors are about a value that it cannot send, unless the connection was lost.
  return isTheDrivers ? !isOutOfReach(found) : isOne('isPerhapsOneRows', found);
}

function isOne(meaning: keyof DriverErrors, error: DriverError): boolean {
  return OF_EACH_DATABASE.some((errors) => errors[meaning](error));
}
