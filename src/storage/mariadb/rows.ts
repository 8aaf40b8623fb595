import { type Key, keyText } from '../bytes.js';
import { isGalera } from '../mysql/galera.js';
import { literals, MysqlRows } from '../mysql/rows.js';
import { keysOf } from '../second-table.js';
import type { Statement } from '../statement.js';
import type { InsertedThenFound, Row } from '../storage.js';

/** A row that an INSERT returns, and whether a transaction is open, which rows do not show otherwise. */
interface Returned {
  row_key: Key;
  is_open: number;
}

function isOpen(returned: Returned[]): boolean {
  return returned.some(({ is_open: open }) => Number(open) !== 0);
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
    return this.writtenOf(rows, await this.query(this.returning, [literals(rows)], isOpen));
  }

  /**
   * Two statements in one round trip: each commits by itself, and the second one sees what was committed before it
   * began. To a node of a Galera cluster they go one by one: what it runs again by itself is known for an INSERT alone.
   */
  override async insertThenFind(
    rows: readonly (readonly unknown[])[],
    keys: readonly Key[],
  ): Promise<InsertedThenFound> {
    if (isGalera(this.dataSource))
      return { written: await this.insert(rows), found: await this.findSecond(keys) };
    const sql = `BEGIN NOT ATOMIC ${this.returning}; ${this.second}; END`;
    const [returned, found] = await this.query<[Returned[], Row[]]>(sql, [literals(rows), keys], ([first]) =>
      isOpen(first),
    );
    return { written: this.writtenOf(rows, returned), found: keysOf(found) };
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

  private get returning(): string {
    return `${this.alone}${this.insertion()} RETURNING ${this.key} AS row_key, @@in_transaction AS is_open`;
  }

  private writtenOf(rows: readonly (readonly unknown[])[], there: Returned[]): boolean[] {
    if (there.length < rows.length)
      throw new Error('MariaDB did not report for each row whether it was written.');
    const last = there.slice(-rows.length);
    return rows.map(([key], n) => keyText(last[n]?.row_key) === keyText(key));
  }

  /** The prefix of an INSERT: the server must not run it again; that is done here, where both answers are known. */
  private get alone(): string {
    if (!isGalera(this.dataSource)) return this.patience;
    return 'SET STATEMENT innodb_lock_wait_timeout = 3, wsrep_retry_autocommit = 0 FOR ';
  }
}

/** The SQLSTATE for user-defined conditions. */
const NOT_ALL = '45000';
