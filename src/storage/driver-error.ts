/** What drivers give with an error. */
export interface DriverError {
  code?: string;
  errno?: number;
  message?: string;
  /** MariaDB's and MySQL's driver: the connection is of no use any more. */
  fatal?: boolean;
  /** Only an error that a MariaDB or MySQL server has reported itself has one. */
  sqlState?: string;
}

type IsMeant = (error: DriverError) => boolean;

/** The meaning of a database's errors. An error of another database is none of them. */
export interface DriverErrors {
  /** A row with the same unique key exists. */
  isUniqueViolation: IsMeant;
  /** A table or a column of it is not there. */
  isMissingTable: IsMeant;
  /** The statement lost against another transaction, and may be tried again. */
  isDeadlock: IsMeant;
  /** The statement has waited too long for a row that somebody keeps locked; the database has undone it. */
  isLockTimeout: IsMeant;
  /** The database has undone a group, perhaps because of one of its rows, and would take the others. */
  isPerhapsOneRows: IsMeant;
  /** The database does not answer, or takes nothing now. */
  isOutOfReach: IsMeant;
}

/** The driver's error in an error: TypeORM keeps it in `driverError`; statements that bypass TypeORM throw it bare. */
export function driverErrorOf(error: unknown): DriverError {
  const { driverError = error } = (error ?? {}) as { driverError?: unknown };
  return driverError ?? {};
}
