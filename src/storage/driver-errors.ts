import { setTimeout as pause } from 'node:timers/promises';

/** Whether a statement failed because a row with the same unique key exists. */
export function isUniqueViolation(error: unknown): boolean {
  return UNIQUE_VIOLATIONS.has(driverCode(error));
}

/** Whether a statement failed because a table or a column of it is not there. */
export function isMissingTable(error: unknown): boolean {
  const { message = '' } = (error ?? {}) as { message?: string };
  return MISSING_TABLES.has(driverCode(error)) || /^(SQLITE_ERROR: )?no such (table|column): /.test(message);
}

/** Whether a statement lost against another transaction, and may be tried again. */
export function isDeadlock(error: unknown): boolean {
  return DEADLOCKS.has(driverCode(error));
}

const UNIQUE_VIOLATIONS = new Set([
  'ER_DUP_ENTRY', // MariaDB, MySQL
  '23505', // PostgreSQL
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
]);

// SQLite has no code for it.
const MISSING_TABLES = new Set(['ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR', '42P01', '42703']);

const DEADLOCKS = new Set(['ER_LOCK_DEADLOCK', 'ER_CHECKREAD', '40P01', '40001']);

/** How often a statement is run again, and the longest pause before that, in milliseconds. */
const RETRIES = 10;
const LONGEST_PAUSE_MS = 500;

/**
 * Runs a statement again when it lost a deadlock: the database has undone it, and whoever won is through. At a node of a
 * cluster it may take a while until that has arrived, so later and later, and no two at the same time.
 *
 * @param attempt one statement, or one transaction
 */
export async function retryDeadlocks<T>(attempt: () => Promise<T>): Promise<T> {
  for (let retry = 0; ; retry += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (retry === RETRIES || !isDeadlock(error)) throw error;
    }
    // The first one at once.
    if (retry > 0) await pause(Math.min(LONGEST_PAUSE_MS, 2 ** (retry + 2)) * (0.5 + Math.random() / 2));
  }
}

/** TypeORM keeps the driver's error in `driverError`; statements that bypass TypeORM throw it bare. */
function driverCode(error: unknown): string {
  const { driverError, code } = (error ?? {}) as { driverError?: { code?: string }; code?: string };
  return driverError?.code ?? code ?? '';
}
