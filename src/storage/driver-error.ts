/** The fields that drivers add to an error. */
export interface DriverError {
  code?: string;
  errno?: number;
  message?: string;
  /** MariaDB's and MySQL's driver: the connection is no longer usable. */
  fatal?: boolean;
  /** Set only on an error that a MariaDB or MySQL server has reported itself. */
  sqlState?: string;
}

type IsMeant = (error: DriverError) => boolean;

/** The meaning of a database's errors. An error from another database matches none of them. */
export interface DriverErrors {
  /** A row with the same unique key exists. */
  isUniqueViolation: IsMeant;
  /** A table or one of its columns does not exist. */
  isMissingTable: IsMeant;
  /** The statement lost against another transaction, and may be tried again. */
  isDeadlock: IsMeant;
  /** The statement has waited too long for a locked row; the database has undone it. */
  isLockTimeout: IsMeant;
  /** The database has undone a group, perhaps because of one of its rows, and would accept the others. */
  isPerhapsOneRows: IsMeant;
  /** The database does not answer, or accepts nothing now. */
  isOutOfReach: IsMeant;
}

/**
 * The driver's error inside an error: TypeORM keeps it in `driverError`; statements that bypass TypeORM throw it bare.
 */
export function driverErrorOf(error: unknown): DriverError {
  const { driverError = error } = (error ?? {}) as { driverError?: unknown };
  return driverError ?? {};
}
