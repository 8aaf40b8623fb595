import { MysqlRows } from './grouped-rows.mysql.js';
import type { Statement } from './all-or-nothing.js';

/** MariaDB, which takes a whole transaction as one statement, and gives rows back for those of an INSERT. */
export class MariadbRows extends MysqlRows {
  /** A row that somebody keeps locked must not hold up a group for the 50 seconds that are usual. */
  protected override readonly patience = 'SET STATEMENT innodb_lock_wait_timeout = 3 FOR ';

  /** One row comes back for each, in their order: the one written, or the one in its way. */
  override async insert(rows: readonly (readonly unknown[])[]): Promise<boolean[]> {
    const sql = `${this.patience}${this.insertion()} RETURNING ${this.key}`;
    const there = await this.query<Record<string, unknown>[]>(sql, [rows]);
    if (there.length !== rows.length) throw new Error('MariaDB did not tell of each row what became of it.');
    return rows.map(([key], n) => there[n]?.[this.key] === key);
  }

  /** In one go: the way to the database and back takes as long as the work there. */
  protected override async commitAllOrNone(updates: Statement[]): Promise<boolean> {
    const steps = updates.map(
      ({ sql, mustChange }) =>
        `${sql}; IF ROW_COUNT() <> ${mustChange} THEN SIGNAL SQLSTATE '${NOT_ALL}'; END IF;`,
    );
    const sql =
      'BEGIN NOT ATOMIC DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END; ' +
      `START TRANSACTION; ${steps.join(' ')} COMMIT; END`;
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
}

/** The SQLSTATE for a condition of one's own. */
const NOT_ALL = '45000';
