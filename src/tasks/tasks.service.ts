import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { sqlName } from '../storage/sql-name.js';
import { storageOf } from '../storage/storage-of.js';
import { type AbandonOptions, Abandonments } from './abandoning/abandonments.js';
import { recordOutcomeIn } from './recording/same-transaction.js';
import { TaskRecorder } from './recording/task.recorder.js';
import { HandlerTransactions } from './requests/in-flight/handler-transactions.js';
import { type Resolution, Resolutions } from './resolving/resolutions.js';
import { TaskColumns } from './tables/task-columns.js';
import { TaskSubject } from './tables/task-subject.entity.js';
import { InjectTasksDataSource } from './tables/tasks-data-source.js';
import type { Tag } from './tag.js';
import { Task } from './task.entity.js';
import { UnknownMarkerError } from './task.errors.js';
import { assertBytes, assertSubject, type TaskFilter, type TaskPlace, tasksMeant } from './task.filter.js';
import type { Fault, Outcome, Resource } from './task.states.js';
import { type Requester, TASKS_OPTIONS, type TasksOptions } from './tasks.options.js';
import { toldOutcome } from './told-outcome.js';
import { groupsOf, type TasksOf } from './waiting/awaited.js';
import type { WaitLimits } from './waiting/limits.js';
import { TaskWaits } from './waiting/task-waits.js';

/** A page of a list, newest first. */
export interface Page {
  limit: number;
  /** The last task of the page before. */
  marker?: string;
}

export interface TaskPage {
  tasks: Task[];
  hasMore: boolean;
}

/** How the end of a task is recorded. */
export interface EndOptions {
  /**
   * The entity manager of a transaction that is open: the end is committed or rolled back with it. A task that has
   * already moved on then throws a `TaskMovedOnError`, so that the transaction is rolled back; without a manager,
   * `false` is returned.
   *
   * While a handler with `sameTransaction` runs in this process, its task can be ended only with a manager; leaving it
   * out throws.
   */
  manager?: EntityManager;
}

/** What is known about a task that succeeded. */
export interface SucceedOptions extends EndOptions {
  /** What the task made or changed: kind and id. @default the recorded resource */
  resource?: Resource;
}

/** Finds tasks, and records the outcome of those that go on after their answer. */
@Injectable()
export class TasksService {
  private readonly columns: TaskColumns;
  /** The tables, as SQL names them. */
  private readonly tasks: string;
  private readonly taskSubjects: string;

  /** @internal */
  constructor(
    @InjectTasksDataSource() private readonly dataSource: DataSource,
    private readonly recorder: TaskRecorder,
    private readonly transactions: HandlerTransactions,
    private readonly abandonments: Abandonments,
    private readonly resolutions: Resolutions,
    private readonly waits: TaskWaits,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {
    this.columns = new TaskColumns(dataSource);
    this.tasks = sqlName(dataSource, Task);
    this.taskSubjects = sqlName(dataSource, TaskSubject);
  }

  /**
   * Records the outcome of a task; false when it had already moved on. A `processing` task counts as accepted; use
   * `reject` if it was not accepted after all.
   */
  async settle(uuid: string, outcome: Outcome): Promise<boolean> {
    this.checkNotAtWork(uuid);
    return this.recorder.recordOutcome(uuid, toldOutcome(outcome));
  }

  /** Records that a task's work succeeded. */
  succeed(uuid: string, { resource, ...options }: SucceedOptions = {}): Promise<boolean> {
    return this.end(uuid, { state: 'success', ...(resource !== undefined && { resource }) }, options);
  }

  /** Records that a task's work began and failed: the same request is still refused. */
  fail(uuid: string, fault: Fault, options: EndOptions = {}): Promise<boolean> {
    return this.end(uuid, { state: 'failure', fault }, options);
  }

  /** Records that nothing was done for a task: the same request may be sent again under the same tag. */
  reject(uuid: string, fault: Fault, options: EndOptions = {}): Promise<boolean> {
    return this.end(uuid, { state: 'rejected', fault }, options);
  }

  private async end(uuid: string, told: Outcome, { manager }: EndOptions): Promise<boolean> {
    const outcome = toldOutcome(told);
    if (manager === undefined) {
      this.checkNotAtWork(uuid);
      return this.recorder.recordOutcome(uuid, outcome, 'answer');
    }
    await this.transactions.endTask(uuid, manager.queryRunner, () =>
      recordOutcomeIn(manager, uuid, outcome, this.options),
    );
    return true;
  }

  /**
   * Gives up a tag under which nothing was accepted yet: a request that comes later is refused with 410, and never
   * carried out. It is recorded as a task `abandon` of that tag, and kept as long as any task. The same tag may be
   * abandoned again; the first abandonment is returned.
   *
   * It stops nothing. Whether the requester may use the tag is for the host to check.
   *
   * @throws TooLateToAbandonError when a request under the tag has arrived and is not certainly rejected
   * @throws InvalidTagError for a text that cannot be a tag
   * @throws TypeError for an invalid reason
   */
  abandon(requester: Requester, tag: Tag, options: AbandonOptions = {}): Promise<Task> {
    return this.abandonments.abandon(requester, tag, options);
  }

  /**
   * Ends an `unknown` task by the word of a user who knows better. Whoever may do that, of any project's tasks, is for
   * the host to check. A request that is resolved as not accepted may be sent again, so it must be certain that nothing
   * was done, and that nothing will be.
   *
   * @throws TaskNotUnknownError when the task is not unknown, or its outcome was found out meanwhile
   * @throws TaskNotFoundError when there is no such task
   * @throws TypeError for an invalid resolution
   */
  resolve(uuid: string, resolution: Resolution): Promise<Task> {
    return this.resolutions.resolve(uuid, resolution);
  }

  /** @throws Error for a task whose handler is running in this process, and must end it in its own transaction */
  private checkNotAtWork(uuid: string): void {
    if (!this.transactions.isSameTransaction(uuid)) return;
    throw new Error(
      `The handler of task ${uuid} has sameTransaction, and is still running: without the manager of its transaction, the end ` +
        'would stay on record when that is rolled back. Pass it, as in succeed(uuid, { manager }).',
    );
  }

  /**
   * The tasks that match a filter, newest first.
   *
   * @throws UnknownMarkerError when the marker is not a task of the same project
   */
  async list(filter: TaskFilter, { limit, marker }: Page): Promise<TaskPage> {
    if (marker !== undefined && (await this.findOne(marker, { projectId: filter.projectId })) === null)
      throw new UnknownMarkerError(marker);
    // One more than asked for shows whether there is a next page.
    const tasks = await this.select(filter, { before: marker }, limit + 1);
    return { tasks: tasks.slice(0, limit), hasMore: tasks.length > limit };
  }

  /**
   * Waits until all tasks of a tag or of a subject have ended, and there is at least one: also for a tag under which no
   * request has arrived yet. However many wait, together they ask the database one question a second.
   *
   * @returns true when they have ended; false when the time was up, the signal aborted, or the application stops
   */
  async wait(tasks: TasksOf, limits: WaitLimits): Promise<boolean> {
    const filter: TaskFilter = tasks;
    if (filter.subject !== undefined) assertSubject(filter.subject);
    if (filter.tag !== undefined) assertBytes(filter.tag);
    if (filter.tag === undefined && filter.subject === undefined)
      throw new TypeError('There is nothing to wait for: give a tag or a subject.');
    return this.waits.untilAllEnded(groupsOf(filter), limits);
  }

  /** Whether any task matches a filter. */
  async exists(filter: TaskFilter): Promise<boolean> {
    return (await this.select(filter, {}, 1)).length > 0;
  }

  /** One task, if it matches the filter. */
  async findOne(uuid: string, filter: TaskFilter): Promise<Task | null> {
    const [task] = await this.select(filter, { uuid }, 1);
    return task ?? null;
  }

  /**
   * The subjects of the tasks of a tag, at most `limit` of them.
   *
   * @internal
   */
  async subjectsOf(projectId: string, tag: Tag, limit: number): Promise<string[]> {
    const { sql: meant, parameters } = tasksMeant({ projectId, tag }, []);
    const subjects = new Set<string>();
    for (const sql of [
      `SELECT DISTINCT subject FROM ${this.tasks} WHERE ${meant} AND subject IS NOT NULL LIMIT ?`,
      `SELECT DISTINCT subject FROM ${this.taskSubjects} ` +
        `WHERE task_uuid IN (SELECT uuid FROM ${this.tasks} WHERE ${meant}) LIMIT ?`,
    ]) {
      const rows = await storageOf(this.dataSource).select({ sql, parameters: [...parameters, limit] });
      for (const row of rows) subjects.add(row['subject'] as string);
    }
    return [...subjects].slice(0, limit);
  }

  /**
   * Tasks that match a filter, newest first. The SQL is written by hand, like the recorder's: look-ups are as frequent.
   */
  private async select(filter: TaskFilter, place: TaskPlace, limit: number): Promise<Task[]> {
    const { sql: meant, parameters } = tasksMeant(filter, await this.shared(filter), place);
    const sql = `SELECT ${this.columns.names.join(', ')} FROM ${this.tasks} WHERE ${meant} ORDER BY uuid DESC LIMIT ?`;
    const rows = await storageOf(this.dataSource).select({ sql, parameters: [...parameters, limit] });
    return rows.map((row) => this.columns.task(row));
  }

  /** The tasks that have a filter's subject besides another one. */
  private async shared({ subject }: TaskFilter): Promise<string[]> {
    if (subject === undefined) return [];
    assertSubject(subject);
    const sql = `SELECT task_uuid FROM ${this.taskSubjects} WHERE subject = ?`;
    const rows = await storageOf(this.dataSource).select({ sql, parameters: [subject] });
    return rows.map((row) => row['task_uuid'] as string);
  }
}
