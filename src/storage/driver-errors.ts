import { type DriverError, driverErrorOf, type DriverErrors } from './driver-error.js';
import { KINDS } from './storage-of.js';

/**
 * What an error means, whichever database it comes from: their codes never mean different things. Each folder has those of
 * its database; here are only those of Node, and of drivers that give no code.
 */
const OF_EACH_DATABASE = Object.values(KINDS).map(({ errors }) => errors);

/** Codes of Node for a connection that cannot be had, or was lost. */
const NO_CONNECTION = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/;

/** Whether a statement failed because a row with the same unique key exists. */
export function isUniqueViolation(error: unknown): boolean {
  return isOne('isUniqueViolation', driverErrorOf(error));
}

/** Whether a statement failed because a table or a column of it is not there. */
export function isMissingTable(error: unknown): boolean {
  return isOne('isMissingTable', driverErrorOf(error));
}

/** Whether a statement lost against another transaction, and may be tried again. */
export function isDeadlock(error: unknown): boolean {
  return isOne('isDeadlock', driverErrorOf(error));
}

/** Whether a statement has waited too long for a row that somebody keeps locked; the database has undone it. */
export function isLockTimeout(error: unknown): boolean {
  return isOne('isLockTimeout', driverErrorOf(error));
}

/** Whether an error says that the database does not answer, or takes nothing now. */
export function isOutOfReach(error: unknown): boolean {
  const found = driverErrorOf(error);
  return found.fatal === true || NO_CONNECTION.test(found.code ?? '') || isOne('isOutOfReach', found);
}

/**
 * Whether a group may have failed because of one of its rows: the database has undone it, and would take the others.
 * Not so when the connection was lost, or when the disk is full or the file locked, which is no row's fault.
 */
export function isPerhapsOneRows(error: unknown): boolean {
  const found = driverErrorOf(error);
  const isTheDrivers = (found.code ?? '') === '' && found.sqlState === undefined;
  // The driver's own: about a value that it cannot send, unless the connection was lost.
  return isTheDrivers ? !isOutOfReach(found) : isOne('isPerhapsOneRows', found);
}

function isOne(meaning: keyof DriverErrors, error: DriverError): boolean {
  return OF_EACH_DATABASE.some((errors) => errors[meaning](error));
}
