import { MysqlRows } from './grouped-rows.mysql.js';

/** MariaDB, which gives one row back for each row of an INSERT, in their order: the one written, or the one in its way. */
export class MariadbRows extends MysqlRows {
  /** A row that somebody keeps locked must not hold up a group for the 50 seconds that are usual. */
  protected override readonly patience = 'SET STATEMENT innodb_lock_wait_timeout = 3 FOR ';

  override async insert(rows: readonly (readonly unknown[])[]): Promise<boolean[]> {
    const sql = `${this.patience}${this.insertion()} RETURNING ${this.key}`;
    const there: Record<string, unknown>[] = await this.dataSource.query(sql, [rows]);
    if (there.length !== rows.length) throw new Error('MariaDB did not tell of each row what became of it.');
    return rows.map(([key], n) => there[n]?.[this.key] === key);
  }
}
