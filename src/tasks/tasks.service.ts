import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type AbandonOptions, Abandonments } from './abandoning/abandonments.js';
import { CurrentManager } from './recording/current-manager.js';
import { TaskRecorder } from './recording/task.recorder.js';
import { HandlerTransactions } from './requests/in-flight/handler-transactions.js';
import type { RunOptions } from './requests/run/run.options.js';
import { Runs } from './requests/run/runs.js';
import { type Resolution, Resolutions } from './resolving/resolutions.js';
import type { TaskCounts } from './searching/task-lists.js';
import type { Tag } from './tag.js';
import type { Task } from './task.entity.js';
import { TaskEndedError, TaskNotFoundError, UnknownMarkerError } from './task.errors.js';
import { assertBytes, assertSubject, checkFilter, type TaskFilter } from './task.filter.js';
import { TaskLookUps } from './task-look-ups.js';
import { type Fault, isEnded, type Outcome, type Resource } from './task.states.js';
import type { Requester } from './tasks.options.js';
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
  /**
   * The marker of the next page; `null` on the last one. It is the last task, except for a page that is short because a
   * limited number of tasks was looked through.
   */
  next: string | null;
}

/** How the end of a task is recorded. */
export interface EndOptions {
  /**
   * The entity manager of a transaction that is open: the end is committed or rolled back with it. A task that has
   * already moved on then throws a `TaskMovedOnError`, so that the transaction is rolled back; without a manager,
   * `false` is returned.
   *
   * While a handler with `sameTransaction` runs in this process, its task can be ended only in a transaction: without a
   * manager, in that of the option `currentManager`, and if there is none, an error is thrown.
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
  /** @internal */
  constructor(
    private readonly recorder: TaskRecorder,
    private readonly lookUps: TaskLookUps,
    private readonly transactions: HandlerTransactions,
    private readonly current: CurrentManager,
    private readonly abandonments: Abandonments,
    private readonly resolutions: Resolutions,
    private readonly waits: TaskWaits,
    private readonly runs: Runs,
  ) {}

  /**
   * Does some work as a task, outside any request: it is recorded before it begins, carried out once, refused when it is
   * the same as an earlier one under its tag, and settled by its result, as the request of a tracked handler is.
   *
   * The same are two runs of one project with the same tag, task and parameters. The work may throw: then the task is
   * settled by the error, and this throws it.
   *
   * @param work gets the task; its `uuid` is the key under which others can be told of the work
   * @returns the result of the work, or, if the options say so, that of the earlier run
   * @throws DuplicateRequestError, TagInUseError or AbandonedTagError: the work was not done
   * @throws RecorderBusyError, or an error of the database, when it could not be recorded: the work was not done
   * @throws TypeError for an invalid option
   */
  run<Result>(options: RunOptions<Result>, work: (task: Task) => Result | Promise<Result>): Promise<Result> {
    return this.runs.run(options, work);
  }

  /**
   * Records the outcome of a task; false when it had already moved on. A `processing` task counts as accepted; use
   * `reject` if it was not accepted after all.
   *
   * @throws Error for a task whose handler has `sameTransaction`, and is running in this process
   */
  async settle(uuid: string, outcome: Outcome): Promise<boolean> {
    if (this.transactions.isSameTransaction(uuid))
      throw new Error(
        `The handler of task ${uuid} has sameTransaction, and is still running: it must end its task in its transaction, by ` +
          'succeed, fail or reject.',
      );
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

  private async end(uuid: string, told: Outcome, { manager: given }: EndOptions): Promise<boolean> {
    const outcome = toldOutcome(told);
    const isSame = this.transactions.isSameTransaction(uuid);
    const manager = given ?? (isSame ? this.current.of(uuid) : undefined);
    if (manager === undefined) return this.recorder.recordOutcome(uuid, outcome, 'answer');
    await this.transactions.endTask(uuid, manager.queryRunner, () =>
      this.recorder.recordOutcomeIn(manager, uuid, outcome),
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

  /**
   * Has an open task looked at at once, rather than when its next look is due. It changes nothing of the task itself; a
   * look that is under way may be made twice. A request that is still being carried out is not looked at.
   *
   * @param filter the tasks that the requester may see
   * @throws TaskNotFoundError when there is no such task among them
   * @throws TaskEndedError when it has ended
   */
  async lookNow(uuid: string, filter: TaskFilter): Promise<Task> {
    if ((await this.findOne(uuid, filter)) === null) throw new TaskNotFoundError(uuid);
    await this.recorder.lookNow(uuid);
    const task = await this.findOne(uuid, filter);
    if (task === null) throw new TaskNotFoundError(uuid);
    if (isEnded(task.state)) throw new TaskEndedError(task);
    return task;
  }

  /**
   * The tasks that match a filter, newest first.
   *
   * @throws UnknownMarkerError when the marker is not a task of the same project
   */
  async list(filter: TaskFilter, { limit, marker }: Page): Promise<TaskPage> {
    if (marker !== undefined && (await this.findOne(marker, { projectId: filter.projectId })) === null)
      throw new UnknownMarkerError(marker);
    checkFilter(filter);
    const { tasks, next } = await this.lookUps.page(filter, marker, limit);
    return { tasks, hasMore: next !== null, next };
  }

  /**
   * How many tasks match a filter, by their states, whatever states it asks for. No count goes further than 1,000. Of a
   * search that finds more than 10,000 tasks, and of a filter by the name of a task, the newest 1,000 of each state are
   * looked through.
   */
  counts(filter: TaskFilter): Promise<TaskCounts> {
    checkFilter(filter);
    return this.lookUps.counts(filter);
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
    return (await this.lookUps.find(filter, {}, 1)).length > 0;
  }

  /** One task, if it matches the filter. */
  async findOne(uuid: string, filter: TaskFilter): Promise<Task | null> {
    const [task] = await this.lookUps.find(filter, { uuid }, 1);
    return task ?? null;
  }

  /**
   * The subjects of the tasks of a tag, at most `limit` of them.
   *
   * @internal
   */
  subjectsOf(projectId: string, tag: Tag, limit: number): Promise<string[]> {
    return this.lookUps.subjectsOf(projectId, tag, limit);
  }
}
