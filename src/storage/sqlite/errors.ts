import type { DriverErrors } from '../driver-error.js';

/** SQLite has no code for a missing table or column. */
const MISSING = /^(no such (table|column): |table \S+ has no column named )/;

/** SQLite's errors. It has one connection, so no statement waits for another's lock, or loses against it. */
export const SQLITE_ERRORS: DriverErrors = {
  isUniqueViolation: ({ code = '' }) => /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)$/.test(code),
  isMissingTable: ({ code, message = '' }) => code === 'SQLITE_ERROR' && MISSING.test(message),
  isDeadlock: () => false,
  isLockTimeout: () => false,
  isPerhapsOneRows: ({ code = '' }) => /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/.test(code),
  isOutOfReach: ({ code = '' }) => /^SQLITE_(BUSY|FULL|IOERR|CANTOPEN|READONLY)/.test(code),
};
