import type { DataSource } from 'typeorm';
import { bytesOf, keyText, uuidBytes } from '../../storage/bytes.js';
import { sqlName } from '../../storage/sql-name.js';
import { storageOf } from '../../storage/storage-of.js';
import type { GroupedRows, RowChange } from '../../storage/storage.js';
import { TaskColumns } from '../tables/task-columns.js';
import { Task } from '../task.entity.js';
import { TagOwner } from './tag-owner.entity.js';
import type { TaskState } from '../task.states.js';
import type { Tracing } from '../tracing/tracing.js';
import { GroupedWrites, type GroupedWritesOptions } from './grouped-writes.js';
import { togetherOrApart } from './together-or-apart.js';

/** How many writes go together at most, how many wait, and for how long, in milliseconds. */
const LIMITS = { maxGroup: 250, maxWaiting: 10_000, limitMs: 10_000 };

/** What came of a new task: `abandoned` is written, but its tag is abandoned, or about to be. */
export type Written = 'written' | 'taken' | 'abandoned';

interface NewRow {
  row: unknown[];
  /** The key of the tag that is not to be abandoned; `null` without one. */
  tagKey: string | null;
}

/** The kinds of groups: new tasks, and outcomes of tasks. */
export type GroupKind = 'task' | 'outcome';

/**
 * The writes of every request, grouped with those of concurrent requests: its task's row, and its outcome. When a
 * promise is fulfilled, the write is committed.
 */
export class TaskWrites {
  private readonly columns: TaskColumns;
  private readonly rows: GroupedRows;
  private readonly inserts: GroupedWrites<NewRow, Written>;
  private readonly changes: GroupedWrites<RowChange, boolean>;
  private readonly reads: GroupedWrites<string, Task | null>;

  /** @param told called for each group, as it is sent; must not throw */
  constructor(
    dataSource: DataSource,
    told: { onGroup?: (kind: GroupKind, size: number) => void } = {},
    tracing?: Tracing,
  ) {
    this.columns = new TaskColumns(dataSource);
    this.rows = storageOf(dataSource).rows({
      name: sqlName(dataSource, Task),
      types: this.columns.types,
      columns: this.columns.names,
      unique: 'duplicate_key',
      state: 'state',
      second: {
        name: sqlName(dataSource, TagOwner),
        key: 'tag_key',
        only: 'abandonment IS NOT NULL',
      },
    });
    this.inserts = new GroupedWrites({
      ...LIMITS,
      write: (rows) => togetherOrApart(rows, (some) => this.insertAll(some)),
      onGroup: (size) => told.onGroup?.('task', size),
      ...traced('task', tracing),
    });
    this.changes = new GroupedWrites({
      ...LIMITS,
      write: (changes) => togetherOrApart(changes, (some) => this.rows.change(some)),
      keyOf: ({ key }) => keyText(key),
      onGroup: (size) => told.onGroup?.('outcome', size),
      ...traced('outcome', tracing),
    });
    this.reads = new GroupedWrites({ ...LIMITS, write: (keys) => this.find(keys) });
  }

  /**
   * Writes a new task.
   *
   * @param tagKey the key of its tag, to see whether that is abandoned; `null`: that is not looked up
   * @returns `taken` when its duplicate key is
   * @throws RecorderBusyError when too many writes wait
   */
  insert(task: Task, tagKey: string | null = null): Promise<Written> {
    return this.inserts.write({ row: this.columns.row(task), tagKey });
  }

  /**
   * Changes a task that is in one of some states.
   *
   * @returns false when it is in none of them
   * @throws RecorderBusyError when too many writes wait
   */
  change(uuid: string, from: readonly TaskState[], changes: Partial<Task>): Promise<boolean> {
    return this.changes.write({ key: uuidBytes(uuid), from, values: this.columns.values(changes) });
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

  private async insertAll(group: NewRow[]): Promise<Written[]> {
    const rows = group.map(({ row }) => row);
    const keys = group.flatMap(({ tagKey }) => (tagKey === null ? [] : [bytesOf(tagKey)]));
    const { written, found } =
      keys.length === 0
        ? { written: await this.rows.insert(rows), found: [] }
        : await this.rows.insertThenFind(rows, keys);
    const abandoned = new Set(found.map(keyText));
    return group.map(({ tagKey }, n) => {
      if (written[n] !== true) return 'taken';
      return tagKey !== null && abandoned.has(tagKey) ? 'abandoned' : 'written';
    });
  }

  private async find(keys: string[]): Promise<PromiseSettledResult<Task | null>[]> {
    const found = await this.rows.find([...new Set(keys)].map(bytesOf));
    const tasks = new Map(found.map((row) => [keyText(row['duplicate_key']), this.columns.task(row)]));
    return keys.map((key) => ({ status: 'fulfilled', value: tasks.get(key) ?? null }));
  }
}

/** A group is written in a span of its own: it belongs to none of the requests that wait for it. */
function traced(
  kind: GroupKind,
  tracing: Tracing | undefined,
): Pick<GroupedWritesOptions<never, never>, 'originOf' | 'onBehalfOf'> {
  if (tracing === undefined) return {};
  return {
    originOf: () => tracing.origin(),
    onBehalfOf: (origins, size, write) =>
      tracing.shared('write', { 'tasktag.kind': kind, 'tasktag.size': size }, origins, write),
  };
}
