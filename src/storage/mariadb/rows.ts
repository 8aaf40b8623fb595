import { isGalera } from '../mysql/galera.js';
import { MysqlRows } from '../mysql/rows.js';
import type { Statement } from '../statement.js';

/** A row that an INSERT returns, and whether a transaction is open, which rows do not show otherwise. */
interface Returned {
  row_key: string;
  is_open: number;
}

/** MariaDB accepts a whole transaction as one statement, and an INSERT can return rows. */
export class MariadbRows extends MysqlRows {
  /** A locked row must not hold up a group for the default 50 seconds. */
  protected override readonly patience = 'SET STATEMENT innodb_lock_wait_timeout = 3 FOR ';

  /**
   * One row comes back for each, in their order: the one written, or the one in its way.
   *
   * A node of a Galera cluster may run the statement again by itself, and then returns the rows of each run. Only the
   * last run was committed.
   */
  override async insert(rows: readonly (readonly unknown[])[]): Promise<boolean[]> {
    const sql = `${this.alone}${this.insertion()} RETURNING ${this.key} AS row_key, @@in_transaction AS is_open`;
    const isOpen = (returned: Returned[]) => returned.some(({ is_open: open }) => Number(open) !== 0);
    const there = await this.query(sql, [rows], isOpen);
    if (there.length < rows.length)
      throw new Error('MariaDB did not report for each row whether it was written.');
    const last = there.slice(-rows.length);
    return rows.map(([key], n) => last[n]?.row_key === key);
  }

  /** It is one statement: the round trip takes as long as the work in the database. */
  protected override async commitAll(updates: Statement[]): Promise<boolean> {
    const steps = updates.map(
      ({ sql, mustChange }) =>
        `${sql}; IF ROW_COUNT() <> ${mustChange} THEN SIGNAL SQLSTATE '${NOT_ALL}'; END IF;`,
    );
    // If this ROLLBACK fails, its error leaves the connection unclear, so that it is closed.
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

  /** The prefix of an INSERT: the server must not run it again; that is done here, where both answers are known. */
  private get alone(): string {
    if (!isGalera(this.dataSource)) return this.patience;
    return 'SET STATEMENT innodb_lock_wait_timeout = 3, wsrep_retry_autocommit = 0 FOR ';
  }
}

/** The SQLSTATE for user-defined conditions. */
const NOT_ALL = '45000';
