import { isGalera } from '../mysql/galera.js';
import { MysqlRows } from '../mysql/rows.js';
import type { Statement } from '../statement.js';

/** A row that an INSERT gives back, and whether a transaction is open, which rows do not tell otherwise. */
interface Returned {
  row_key: string;
  is_open: number;
}

/** MariaDB, which takes a whole transaction as one statement, and gives rows back for those of an INSERT. */
export class MariadbRows extends MysqlRows {
  /** A row that somebody keeps locked must not hold up a group for the 50 seconds that are usual. */
  protected override readonly patience = 'SET STATEMENT innodb_lock_wait_timeout = 3 FOR ';

  /**
   * One row comes back for each, in their order: the one written, or the one in its way.
   *
   * A node of a Galera cluster may run the statement again by itself, and then the rows of each run come back. It is the
   * last run that was committed.
   */
  override async insert(rows: readonly (readonly unknown[])[]): Promise<boolean[]> {
    const sql = `${this.alone}${this.insertion()} RETURNING ${this.key} AS row_key, @@in_transaction AS is_open`;
    const isOpen = (returned: Returned[]) => returned.some(({ is_open: open }) => Number(open) !== 0);
    const there = await this.query(sql, [rows], isOpen);
    if (there.length < rows.length)
      throw new Error('MariaDB did not say of each row whether it was written.');
    const last = there.slice(-rows.length);
    return rows.map(([key], n) => last[n]?.row_key === key);
  }

  /** In one go: the way to the database and back takes as long as the work there. */
  protected override async commitAll(updates: Statement[]): Promise<boolean> {
    const steps = updates.map(
      ({ sql, mustChange }) =>
        `${sql}; IF ROW_COUNT() <> ${mustChange} THEN SIGNAL SQLSTATE '${NOT_ALL}'; END IF;`,
    );
    // Should this ROLLBACK fail, then with an error that leaves the connection unclear, so that it is closed.
    const sql =
      'BEGIN NOT ATOMIC DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK AND NO CHAIN; RESIGNAL; END; ' +
      `START TRANSACTION; ${steps.join(' ')} COMMIT AND NO CHAIN; END`;
    try {
      await this.query(
        sql,
        updates.flatMap(({ parameters }) => parameters),
      );
      return true;
    } catch (error) {
      if ((error as { sqlState?: string }).sqlState === NOT_ALL) return false;
      throw error;
    }
  }

  /** What stands before an INSERT: it is not to be run again by the server, but from here, where both answers are known. */
  private get alone(): string {
    if (!isGalera(this.dataSource)) return this.patience;
    return 'SET STATEMENT innodb_lock_wait_timeout = 3, wsrep_retry_autocommit = 0 FOR ';
  }
}

/** The SQLSTATE for a condition of one's own. */
const NOT_ALL = '45000';
