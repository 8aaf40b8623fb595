import type { DataSource } from 'typeorm';
import { sqlName } from '../../storage/sql-name.js';
import { storageOf } from '../../storage/storage-of.js';
import type { GroupedRows, RowChange } from '../../storage/storage.js';
import { TaskColumns } from '../tables/task-columns.js';
import { Task } from '../task.entity.js';
import type { TaskState } from '../task.states.js';
import { GroupedWrites } from './grouped-writes.js';
import { togetherOrApart } from './together-or-apart.js';

/** How many writes go together at most, how many wait, and for how long, in milliseconds. */
const LIMITS = { maxGroup: 250, maxWaiting: 10_000, limitMs: 10_000 };

/** The kinds of groups: new tasks, and outcomes of tasks. */
export type GroupKind = 'task' | 'outcome';

/**
 * The writes of every request, grouped with those of concurrent requests: its task's row, and its outcome. When a
 * promise is fulfilled, the write is committed.
 */
export class TaskWrites {
  private readonly columns: TaskColumns;
  private readonly rows: GroupedRows;
  private readonly inserts: GroupedWrites<unknown[], boolean>;
  private readonly changes: GroupedWrites<RowChange, boolean>;
  private readonly reads: GroupedWrites<string, Task | null>;

  /** @param told called for each group, as it is sent; must not throw */
  constructor(dataSource: DataSource, told: { onGroup?: (kind: GroupKind, size: number) => void } = {}) {
    this.columns = new TaskColumns(dataSource);
    this.rows = storageOf(dataSource).rows({
      name: sqlName(dataSource, Task),
      types: this.columns.types,
      columns: this.columns.names,
      unique: 'duplicate_key',
      state: 'state',
    });
    this.inserts = new GroupedWrites({
      ...LIMITS,
      write: (rows) => togetherOrApart(rows, (some) => this.rows.insert(some)),
      onGroup: (size) => told.onGroup?.('task', size),
    });
    this.changes = new GroupedWrites({
      ...LIMITS,
      write: (changes) => togetherOrApart(changes, (some) => this.rows.change(some)),
      keyOf: ({ key }) => key,
      onGroup: (size) => told.onGroup?.('outcome', size),
    });
    this.reads = new GroupedWrites({ ...LIMITS, write: (keys) => this.find(keys) });
  }

  /**
   * Writes a new task.
   *
   * @returns false when its duplicate key is taken
   * @throws RecorderBusyError when too many writes wait
   */
  insert(task: Task): Promise<boolean> {
    return this.inserts.write(this.columns.row(task));
  }

  /**
   * Changes a task that is in one of some states.
   *
   * @returns false when it is in none of them
   * @throws RecorderBusyError when too many writes wait
   */
  change(uuid: string, from: readonly TaskState[], changes: Partial<Task>): Promise<boolean> {
    return this.changes.write({ key: uuid, from, values: this.columns.values(changes) });
  }

  /**
   * The task that has a duplicate key; `null` when none has it any more. Reads are grouped as well, since repeated
   * requests come in crowds.
   *
   * @throws RecorderBusyError when too many reads wait
   */
  withKey(duplicateKey: string): Promise<Task | null> {
    return this.reads.write(duplicateKey);
  }

  /** How many writes wait for the groups that are on their way. */
  get waiting(): number {
    return this.inserts.length + this.changes.length;
  }

  /** Fulfilled when nothing waits any more. */
  async drain(): Promise<void> {
    await this.inserts.drain();
    await this.changes.drain();
    await this.reads.drain();
  }

  private async find(keys: string[]): Promise<PromiseSettledResult<Task | null>[]> {
    const found = await this.rows.find([...new Set(keys)]);
    const tasks = new Map(found.map((row) => [row['duplicate_key'], this.columns.task(row)]));
    return keys.map((key) => ({ status: 'fulfilled', value: tasks.get(key) ?? null }));
  }
}
