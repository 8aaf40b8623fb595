import { Inject, Injectable } from '@nestjs/common';
import { type DataSource, In, type Repository } from 'typeorm';
import { type Key, uuidBytes } from '../../storage/bytes.js';
import { onMaster } from '../../storage/on-master.js';
import { sqlName } from '../../storage/sql-name.js';
import { storageOf } from '../../storage/storage-of.js';
import type { DueRows } from '../../storage/storage.js';
import { NOT_COMMITTED } from '../recording/same-transaction.js';
import { lookOf } from '../recording/way.js';
import { TaskRecorder } from '../recording/task.recorder.js';
import { TaskStore } from '../recording/task.store.js';
import { TaskColumns } from '../tables/task-columns.js';
import { TaskSubject } from '../tables/task-subject.entity.js';
import { InjectTasksDataSource } from '../tables/tasks-data-source.js';
import { Task } from '../task.entity.js';
import {
  type Accepted,
  LOOK_AGAIN_MS,
  OPEN_STATES,
  type Outcome,
  type TaskState,
  type Witness,
  type WhyOpen,
} from '../task.states.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { laterAt } from './look-later.js';
import type { Observation } from './task-observer.js';

/**
 * Whether a due open task is lost, without asking the observer: its process is dead, or its work was never committed.
 */
export function isLost({ state, sameTransaction }: Task): boolean {
  return state === 'pending' || (state === 'unknown' && sameTransaction);
}

/** A look at what is due. */
export interface LookAtDue {
  /**
   * Epoch milliseconds, from before the living processes were read: tasks due by then are judged by what those had
   * reported by then.
   */
  now: number;
  leaseMs: number;
  /** The ids of the living processes. */
  alive: readonly string[];
}

/**
 * Reads and writes for following open tasks to their end: which are due, what else is known about them, and their
 * outcomes.
 */
@Injectable()
export class FollowedTasks {
  private readonly columns: TaskColumns;
  private readonly subjects: Repository<TaskSubject>;

  constructor(
    @InjectTasksDataSource() private readonly dataSource: DataSource,
    private readonly recorder: TaskRecorder,
    private readonly store: TaskStore,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {
    this.columns = new TaskColumns(dataSource);
    this.subjects = dataSource.getRepository(TaskSubject);
  }

  /** Records the outcome of a task; false when it had already moved on. */
  recordOutcome(uuid: string, outcome: Outcome, witness?: Witness): Promise<boolean> {
    return this.recorder.recordOutcome(uuid, outcome, witness);
  }

  /** Records the end of lost tasks. Their own work may still commit: the first commit wins. */
  async lose(tasks: readonly Task[]): Promise<void> {
    await Promise.all(
      tasks.map(({ uuid, sameTransaction }) =>
        this.recordOutcome(uuid, sameTransaction ? NOT_COMMITTED : LOST),
      ),
    );
  }

  /**
   * Takes open tasks whose time to be looked at has come. No other process takes them until the lease has passed, and
   * so a holder that dies loses them by itself. Pending tasks of a living process are not taken.
   */
  claimDue(limit: number, look: LookAtDue): Promise<Task[]> {
    const only = look.alive.length === 0 ? undefined : `state <> 'pending' OR ${ofNoneOf(look.alive)}`;
    return this.claim(limit, { ...timesOf(look), only });
  }

  /**
   * The same for lost tasks only: their process is dead, or their work was never committed.
   *
   * @param since tasks that were already due before this are left alone, in epoch milliseconds
   */
  claimLost(limit: number, look: LookAtDue, since: number): Promise<Task[]> {
    const isPending = `state = 'pending' AND (${ofNoneOf(look.alive)})`;
    const only = `(${isPending}) OR (state = 'unknown' AND same_transaction = 1)`;
    return this.claim(limit, { ...timesOf(look), since, only });
  }

  /** The same for some pending tasks; one whose row a transaction has locked is left alone. */
  claimPending(uuids: readonly string[], leaseMs: number): Promise<Task[]> {
    if (uuids.length === 0) return Promise.resolve([]);
    const pending = { keys: uuids.map(uuidBytes), only: `state = 'pending'` };
    return this.claim(uuids.length, { now: this.options.now(), leaseMs, ...pending });
  }

  private async claim(
    limit: number,
    { now, leaseMs, ...which }: Omit<LookAtDue, 'alive'> & Pick<DueRows, 'since' | 'keys' | 'only'>,
  ): Promise<Task[]> {
    const keys = await storageOf(this.dataSource).claim({
      table: sqlName(this.dataSource, Task),
      key: 'uuid',
      due: 'next_look',
      now,
      until: Math.round(now + leaseMs),
      limit,
      ...which,
    });
    if (keys.length === 0) return [];
    return this.read(keys);
  }

  /** The tasks of some keys. TypeORM would take several times as long for hundreds of rows as the database. */
  private async read(keys: readonly Key[]): Promise<Task[]> {
    const sql =
      `SELECT ${this.columns.names.join(', ')} FROM ${sqlName(this.dataSource, Task)} ` +
      `WHERE uuid IN (${keys.map(() => '?').join(', ')})`;
    const rows = await storageOf(this.dataSource).select({ sql, parameters: [...keys] });
    return rows.map((row) => this.columns.task(row));
  }

  /**
   * Sets when to look at an open task again.
   *
   * @param at epoch milliseconds
   * @param states the states that it must be in
   * @param look what a look at it has found out. @default there was none
   */
  async lookAgain(
    uuid: string,
    at: number = this.options.now() + LOOK_AGAIN_MS,
    states: readonly TaskState[] = OPEN_STATES,
    look?: WhyOpen,
  ): Promise<void> {
    const looked = look === undefined ? {} : lookOf(look.why, this.options.now());
    await this.store.looked(states, uuid, { nextLook: Math.round(at), ...looked });
  }

  /** Looks at a task again later, since it could not be looked at now. */
  lookLater(task: Task): Promise<void> {
    return this.lookAgain(task.uuid, laterAt(task, this.options.now()), [task.state]);
  }

  /**
   * Records an observation of a task. If it says nothing new, only the time of the next look changes.
   *
   * @param task the task as it was when observed, if known
   */
  async record({ uuid, outcome, witness }: Observation, task?: Task): Promise<void> {
    if (outcome.state === 'undetermined') {
      await this.lookAgain(uuid, outcome.lookAgainAt, task && [task.state], outcome);
    } else if (
      outcome.state === 'processing' &&
      task?.state === 'processing' &&
      !(await this.isNews(task, outcome))
    ) {
      const at = outcome.lookAgainAt ?? laterAt(task, this.options.now());
      await this.lookAgain(uuid, at, [task.state], outcome);
    } else {
      await this.recordOutcome(uuid, outcome, witness);
    }
  }

  /** Which of some tasks are pending. */
  async pending(uuids: readonly string[]): Promise<string[]> {
    const where = { uuid: In([...uuids]), state: 'pending' as const };
    const found = await onMaster(this.dataSource, (manager) =>
      manager.find(Task, { select: { uuid: true }, where }),
    );
    return found.map(({ uuid }) => uuid);
  }

  /** Those of some tasks that have not ended. */
  async open(uuids: string[]): Promise<Task[]> {
    const tasks = uuids.length === 0 ? [] : await this.read(uuids.map(uuidBytes));
    return tasks.filter(({ state }) => OPEN_STATES.includes(state));
  }

  /** Whether an outcome contains something, besides its state, that is not recorded yet. */
  async isNews(task: Task, { requestId, resource, subjects = [] }: Accepted): Promise<boolean> {
    if (requestId !== undefined && requestId !== task.requestId) return true;
    const isOther = ([kind, id]: [string, string]) => task.resource?.[kind] !== id;
    if (Object.entries(resource ?? {}).some(isOther)) return true;
    return (
      subjects.length > 1 && (await this.subjects.countBy({ taskUuid: task.uuid })) < subjects.length - 1
    );
  }
}

/** Its process has died, or its outcome could not be written. */
const LOST: Outcome = {
  state: 'unknown',
  why: 'No answer to the request is on record: its process may have ended before it was answered.',
};

function timesOf({ now, leaseMs }: LookAtDue): Pick<LookAtDue, 'now' | 'leaseMs'> {
  return { now, leaseMs };
}

/** The SQL for a task that belongs to none of some processes. */
function ofNoneOf(processes: readonly string[]): string {
  return processes.length === 0 ? '1 = 1' : `process IS NULL OR process NOT IN (${quoted(processes)})`;
}

/** Ids that this program has made, so no character needs escaping. */
function quoted(ids: readonly string[]): string {
  return ids.map((id) => `'${id}'`).join(', ');
}
