import { Inject, Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';
import { type DataSource, In, type QueryRunner, type SelectQueryBuilder } from 'typeorm';
import { uuidBytes } from '../../storage/bytes.js';
import { onMaster } from '../../storage/on-master.js';
import { statement } from '../../storage/statement.js';
import { storageOf } from '../../storage/storage-of.js';
import { TaskAnswer } from '../answers/task-answer.entity.js';
import { TaskDuplicates } from '../duplicates/task-duplicates.entity.js';
import { firstUuidOf } from '../first-uuid.js';
import { LostAnswer } from '../lost-answers/lost-answer.entity.js';
import { TagOwner } from '../recording/tag-owner.entity.js';
import { TaskSubject } from '../tables/task-subject.entity.js';
import { InjectTasksDataSource } from '../tables/tasks-data-source.js';
import { Task } from '../task.entity.js';
import { OPEN_STATES, type TaskState } from '../task.states.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';

/**
 * How long most operations take at most, in milliseconds. Tasks are read once, in the order of their start; with this
 * delay, nearly all of them have ended long enough ago.
 */
const LONGEST_OPERATION_MS = 3_600_000;

/** A task that began this much before an unresolved one may still be compared with it. */
const MARGIN_MS = 120_000;

const ENDED: TaskState[] = ['success', 'failure'];

/** A task that ended more than `retentionMs` ago. */
export interface ExpiredTask {
  uuid: string;
  task: string;
  /** What it is about, if known. */
  subjects: string[];
}

/** Some tasks in the order of their start. */
export interface ExpiredPage {
  expired: ExpiredTask[];
  /** The last task that was looked at, expired or not; `null` when there was none. */
  last: string | null;
  hasMore: boolean;
}

/** Which tasks are old enough. */
export interface ExpiredPageOptions {
  /**
   * Whether to keep tasks that began at about the time of an unresolved task, or later. (It is unresolved while it is
   * not known whether it was accepted, or what it made.) They show which traces in the compute service are not its own.
   * @default false
   */
  keepsTraces?: boolean;
}

/** The tables that belong to a task besides its own row, by the column `task_uuid`; their rows are dropped with it. */
const PARTS = [TaskSubject, TagOwner, TaskAnswer, LostAnswer, TaskDuplicates];

/** The tasks that ended more than `retentionMs` ago. The caller decides which of them are dropped. */
@Injectable()
export class ExpiredTasks {
  /** The tasks that this process drops, as it drops them. Subscribers must not throw. */
  readonly dropped = new Subject<readonly string[]>();

  /** @internal */
  constructor(
    @InjectTasksDataSource() private readonly dataSource: DataSource,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  /**
   * Looks at no more than `limit` tasks, expired or not, and at none younger than `retentionMs`.
   *
   * @param after the last task of the previous page; the empty text begins with the oldest
   */
  async page(
    after: string,
    limit: number,
    { keepsTraces = false }: ExpiredPageOptions = {},
  ): Promise<ExpiredPage> {
    const { retentionMs } = this.options;
    if (retentionMs === null) return { expired: [], last: null, hasMore: false };
    const endedBefore = this.options.now() - retentionMs;
    const traced = keepsTraces ? await this.oldestTraced() : null;
    const startedBefore = Math.min(endedBefore - LONGEST_OPERATION_MS, (traced ?? Infinity) - MARGIN_MS);
    const tasks = await onMaster(this.dataSource, ({ queryRunner }) =>
      oldTasksQuery(this.dataSource, after, startedBefore, limit)
        .setQueryRunner(queryRunner as QueryRunner)
        .getMany(),
    );
    const expired = tasks.filter(
      ({ state, lastUpdated }) => !OPEN_STATES.includes(state) && lastUpdated < endedBefore,
    );
    return {
      expired: await this.withSubjects(expired),
      last: tasks.at(-1)?.uuid ?? null,
      hasMore: tasks.length === limit,
    };
  }

  /**
   * Drops tasks that have ended, with their keys; after that, the same requests would be accepted again.
   *
   * @returns false when another process drops some of them; nothing is done then, and they must be read again
   */
  async drop(uuids: string[]): Promise<boolean> {
    const manager = this.dataSource.manager;
    const tasks = manager.createQueryBuilder().delete().from(Task);
    const isDone = await storageOf(this.dataSource).commit([
      statement(tasks.where({ uuid: In(uuids), state: In(ENDED) }), uuids.length),
      ...PARTS.map((part) =>
        statement(
          manager
            .createQueryBuilder()
            .delete()
            .from(part)
            .where({ taskUuid: In(uuids) }),
        ),
      ),
    ]);
    if (isDone) this.dropped.next(uuids);
    return isDone;
  }

  /** When the oldest unresolved task began: it is not known yet whether it was accepted, or what it made. */
  private async oldestTraced(): Promise<number | null> {
    const row = await oldestTracedQuery(this.dataSource).getRawOne<{ oldest: number | string | null }>();
    return row === undefined || row.oldest === null ? null : Number(row.oldest);
  }

  private async withSubjects(tasks: Task[]): Promise<ExpiredTask[]> {
    if (tasks.length === 0) return [];
    const others = await this.dataSource
      .getRepository(TaskSubject)
      .findBy({ taskUuid: In(tasks.map(({ uuid }) => uuid)) });
    return tasks.map(({ uuid, task, subject }) => ({
      uuid,
      task,
      subjects: [
        ...(subject === null ? [] : [subject]),
        ...others.filter(({ taskUuid }) => taskUuid === uuid).map(({ subject: other }) => other),
      ],
    }));
  }
}

/**
 * Tasks in the order of their start, which is that of the key: so no index is needed, and neither younger tasks nor
 * those already looked at are read. It reads no more rows than it returns; expired ones are picked out later.
 */
export function oldTasksQuery(
  dataSource: DataSource,
  after: string,
  startedBefore: number,
  limit: number,
): SelectQueryBuilder<Task> {
  return dataSource
    .getRepository(Task)
    .createQueryBuilder('task')
    .select(['task.uuid', 'task.task', 'task.state', 'task.subject', 'task.lastUpdated'])
    .where('task.uuid > :after AND task.uuid < :end', {
      after: uuidBytes(after),
      end: uuidBytes(firstUuidOf(startedBefore)),
    })
    .orderBy('task.uuid')
    .limit(limit);
}

/** By the index of `next_look`, which contains open tasks only; see `openTasksQuery`. */
export function oldestTracedQuery(dataSource: DataSource): SelectQueryBuilder<Task> {
  return dataSource
    .getRepository(Task)
    .createQueryBuilder('task')
    .select('MIN(task.startTime)', 'oldest')
    .where('task.nextLook >= 0')
    .andWhere(`(task.state <> 'processing' OR task.subject IS NULL)`);
}
