import type { DataSource, EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { type GroupedRows, groupedRows, type RowChange } from '../../database/grouped-rows.js';
import { Task } from '../task.entity.js';
import type { TaskState } from '../task.states.js';
import { GroupedWrites } from './grouped-writes.js';
import { togetherOrApart } from './together-or-apart.js';

/** How many writes go together at most, how many wait, and for how long, in milliseconds. */
const LIMITS = { maxGroup: 250, maxWaiting: 10_000, limitMs: 10_000 };

/**
 * The writes that every request makes, grouped with those of the requests beside it: its task's row, and what became
 * of it. When a promise is fulfilled, it is committed.
 */
export class TaskWrites {
  private readonly metadata: EntityMetadata;
  private readonly rows: GroupedRows;
  private readonly inserts: GroupedWrites<unknown[], boolean>;
  private readonly changes: GroupedWrites<RowChange, boolean>;

  constructor(private readonly dataSource: DataSource) {
    this.metadata = dataSource.getMetadata(Task);
    this.rows = groupedRows(dataSource, {
      name: this.metadata.tableName,
      columns: this.metadata.columns.map(({ databaseName }) => databaseName),
      unique: 'duplicate_key',
      state: 'state',
    });
    this.inserts = new GroupedWrites({
      ...LIMITS,
      write: (rows) => togetherOrApart(rows, (some) => this.rows.insert(some)),
      keyOf: ([uuid]) => uuid as string,
    });
    this.changes = new GroupedWrites({
      ...LIMITS,
      write: (changes) => togetherOrApart(changes, (some) => this.rows.update(some)),
      keyOf: ({ key }) => key,
    });
  }

  /**
   * Writes a new task.
   *
   * @returns false when its duplicate key is taken
   * @throws RecorderBusyError when too many writes wait
   */
  insert(task: Task): Promise<boolean> {
    return this.inserts.write(
      this.metadata.columns.map((column) => this.asStored(task[column.propertyName as keyof Task], column)),
    );
  }

  /**
   * Changes a task that is in one of some states.
   *
   * @returns false when it is in none of them
   * @throws RecorderBusyError when too many writes wait
   */
  change(uuid: string, from: readonly TaskState[], changes: Partial<Task>): Promise<boolean> {
    const values: Record<string, unknown> = {};
    for (const column of this.metadata.columns) {
      const value = changes[column.propertyName as keyof Task];
      if (value !== undefined) values[column.databaseName] = this.asStored(value, column);
    }
    return this.changes.write({ key: uuid, from, values });
  }

  /** Fulfilled when nothing waits any more. */
  async drain(): Promise<void> {
    await this.inserts.drain();
    await this.changes.drain();
  }

  private asStored(value: unknown, column: ColumnMetadata): unknown {
    return this.dataSource.driver.preparePersistentValue(value, column);
  }
}
