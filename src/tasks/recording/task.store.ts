import { Inject, Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';
import { type DataSource, type EntityManager, In, MoreThan } from 'typeorm';
import type { ApiError } from '../../errors/api-error.js';
import { onMaster } from '../../storage/on-master.js';
import { storageOf } from '../../storage/storage-of.js';
import { type FingerprintInput, tagKey } from '../fingerprint/fingerprint.js';
import { InjectTasksDataSource } from '../tables/tasks-data-source.js';
import { Task } from '../task.entity.js';
import type { AbandonedTagError } from '../task.errors.js';
import { OPEN_STATES, type Outcome, type TaskState } from '../task.states.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { Tracing } from '../tracing/tracing.js';
import { AbandonedTags } from './abandoned-tags.js';
import { Commits } from './commits.js';
import { NewTaskWrites, type Ownership } from './new-task-writes.js';
import { OutcomeWrites, type Settled } from './outcome-writes.js';
import { recordOutcomeIn } from './same-transaction.js';
import { TagOwners } from './tag-owners.js';
import { type GroupKind, TaskWrites, type Written } from './task-writes.js';

/** The states in which a task is looked at: the answer to a pending one comes first. */
const LOOKED_AT: TaskState[] = ['processing', 'unknown'];

/**
 * Where `TaskRecorder` writes tasks, and what it reads there: the tables of a database. `tasktag/testing` has another
 * one, in memory.
 */
@Injectable()
export class TaskStore {
  /** Writes that are sent together. Subscribers must not throw. */
  readonly grouped = new Subject<{ kind: GroupKind; size: number }>();

  /** Outcomes that hosts have committed, with `settleIn`. Subscribers must not throw. */
  readonly committed = new Subject<Settled>();

  private readonly commits = new Commits((settled) => this.committed.next(settled));
  private readonly abandoned: AbandonedTags;
  private readonly owners: TagOwners;
  private readonly writes: TaskWrites;
  private readonly newTasks: NewTaskWrites;
  private readonly outcomes: OutcomeWrites;

  constructor(
    @InjectTasksDataSource() private readonly dataSource: DataSource,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
    tracing: Tracing,
  ) {
    this.abandoned = new AbandonedTags(dataSource);
    this.owners = new TagOwners(dataSource, this.abandoned);
    this.writes = new TaskWrites(
      dataSource,
      { onGroup: (kind, size) => this.grouped.next({ kind, size }) },
      tracing,
    );
    this.newTasks = new NewTaskWrites(this.writes, this.owners);
    this.outcomes = new OutcomeWrites(dataSource, options, this.writes, this.owners);
  }

  /** @throws UnusableDatabaseError when the connections of the data source cannot keep the promises */
  check(): Promise<void> {
    return storageOf(this.dataSource).check();
  }

  /** Fulfilled when all waiting writes are done. */
  drain(): Promise<void> {
    return this.writes.drain();
  }

  /** How many new tasks, and outcomes of tasks, are waiting to be written. */
  get waiting(): number {
    return this.writes.waiting + this.owners.waiting;
  }

  /**
   * Writes a new task.
   *
   * @param description `null` for a request that is never the same as another one
   * @returns `taken` when its key or its tag is, or another request was faster
   * @throws RecorderBusyError when too many writes wait
   */
  insert(task: Task, description: FingerprintInput | null, owns: Ownership): Promise<Written> {
    return this.newTasks.insert(task, description, owns);
  }

  /** Why a task was not written; `null` when its key and its tag are free again. */
  refusalOf(task: Task, description: FingerprintInput, owns: Ownership): Promise<ApiError | null> {
    return this.newTasks.refusalOf(task, description, owns);
  }

  /** Why a task that met an abandonment of its tag is not carried out; `null`: it may go on. */
  abandonmentOf({ projectId, tag }: Task): Promise<AbandonedTagError | null> {
    return this.abandoned.refusalOf(tagKey(projectId, tag ?? ''));
  }

  /** Which of some tasks have not ended. */
  async open(uuids: string[]): Promise<string[]> {
    const where = { uuid: In(uuids), state: In([...OPEN_STATES]) };
    const found = await onMaster(this.dataSource, (manager) =>
      manager.find(Task, { select: { uuid: true }, where }),
    );
    return found.map(({ uuid }) => uuid);
  }

  /**
   * Writes the outcome of a task that is in one of some states.
   *
   * @param more further changes
   * @returns `null` when it is in none of them
   */
  settle(
    before: readonly TaskState[],
    uuid: string,
    outcome: Outcome,
    more: Partial<Task>,
  ): Promise<Settled | null> {
    return this.outcomes.write(before, uuid, outcome, more);
  }

  /** The same in the caller's transaction; see `recordOutcomeIn`. */
  async settleIn(manager: EntityManager, uuid: string, outcome: Outcome, more: Partial<Task>): Promise<void> {
    const settled = await recordOutcomeIn(manager, uuid, outcome, more, this.options);
    if (manager.queryRunner !== undefined) this.commits.add(manager.queryRunner, settled);
  }

  /** The process of a task has recorded what it answers, although other news of the task came first. */
  answered(uuid: string, process: string | null): Promise<void> {
    return this.outcomes.answered(uuid, process);
  }

  /**
   * Writes what a look at a task has found out that is in one of some states, and when to look again. Many come at a
   * time, so they go together with outcomes.
   *
   * @returns false when it is in none of them
   */
  looked(states: readonly TaskState[], uuid: string, look: Partial<Task>): Promise<boolean> {
    return this.writes.change(uuid, states, look);
  }

  /** See `TaskRecorder.lookNow`. */
  async lookNow(uuid: string): Promise<void> {
    const now = Math.round(this.options.now());
    const isLookedAtLater = { uuid, state: In(LOOKED_AT), nextLook: MoreThan(now) };
    await this.dataSource.manager.update(Task, isLookedAtLater, { nextLook: now });
  }

  /** See `TaskRecorder.freeName`. */
  freeName(task: Task): Promise<boolean> {
    return this.outcomes.freeName(task);
  }
}
