import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';
import type { Statement } from '../storage/statement.js';

/**
 * Inserts rows of one entity. The text is made once for each number of rows: a query builder would put it together anew
 * each time, which cost a create more than writing the rows.
 */
export class Insertion<Row extends ObjectLiteral> {
  private readonly texts = new Map<number, string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly entity: EntityTarget<Row>,
  ) {}

  /** The statement that writes the rows, all or none. */
  of(rows: readonly Row[]): Statement {
    const { driver } = this.dataSource;
    const { columns } = this.dataSource.getMetadata(this.entity);
    const parameters = rows.flatMap((row) =>
      columns.map((column) => driver.preparePersistentValue(column.getEntityValue(row), column) as unknown),
    );
    return { sql: this.textFor(rows.length), parameters, mustChange: rows.length };
  }

  private textFor(count: number): string {
    let text = this.texts.get(count);
    if (text === undefined) this.texts.set(count, (text = this.newText(count)));
    return text;
  }

  private newText(count: number): string {
    const { driver } = this.dataSource;
    const { columns, tableName } = this.dataSource.getMetadata(this.entity);
    const names = columns.map(({ databaseName }) => driver.escape(databaseName));
    const row = `(${names.map(() => '?').join(', ')})`;
    const values = Array.from({ length: count }, () => row).join(', ');
    return `INSERT INTO ${driver.escape(tableName)} (${names.join(', ')}) VALUES ${values}`;
  }
}
