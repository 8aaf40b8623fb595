import type { DriverErrors } from '../driver-error.js';

/** It has no code for what is not there. */
const MISSING = /^(no such (table|column): |table \S+ has no column named )/;

/** SQLite's errors. It has one connection, so nobody waits for a lock of another one's, or loses against it. */
export const SQLITE_ERRORS: DriverErrors = {
  isUniqueViolation: ({ code = '' }) => /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)$/.test(code),
  isMissingTable: ({ code, message = '' }) => code === 'SQLITE_ERROR' && MISSING.test(message),
  isDeadlock: () => false,
  isLockTimeout: () => false,
  isPerhapsOneRows: ({ code = '' }) => /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/.test(code),
  isOutOfReach: ({ code = '' }) => /^SQLITE_(BUSY|FULL|IOERR|CANTOPEN|READONLY)/.test(code),
};
