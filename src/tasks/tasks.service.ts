import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import {
  type DataSource,
  type FindOptionsWhere,
  In,
  LessThan,
  MoreThanOrEqual,
  type Repository,
} from 'typeorm';
import { claimDue } from '../database/claim-due.js';
import type { Tag } from './tag.js';
import { Task } from './task.entity.js';
import { UnknownMarkerError } from './task.errors.js';
import { TaskRecorder } from './task.recorder.js';
import { OPEN_STATES, type Outcome, type TaskState } from './task.states.js';
import { TASKS_OPTIONS, type TasksOptions } from './tasks.options.js';

/** Which tasks are meant. `projectId: null` means those of all projects, and is for operators only. */
export interface TaskFilter {
  projectId: string | null;
  tag?: Tag;
  serverId?: string;
  /** The compute service's request id, or the one that the client sent. */
  requestId?: string;
  states?: TaskState[];
  task?: string;
  /** Epoch milliseconds: last updated then or later. */
  changesSince?: number;
}

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

/** Finds tasks, and hands the open ones to tracking. Recording is the interceptor's and tracking's, by `settle`. */
@Injectable()
export class TasksService {
  private readonly tasks: Repository<Task>;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly recorder: TaskRecorder,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {
    this.tasks = dataSource.getRepository(Task);
  }

  /** Records what became of a task; false when it had moved on already. */
  settle(uuid: string, outcome: Outcome): Promise<boolean> {
    return this.recorder.settle(uuid, outcome);
  }

  /**
   * The tasks that a filter means, newest first.
   *
   * @throws UnknownMarkerError when the marker is no task of the same project
   */
  async list(filter: TaskFilter, { limit, marker }: Page): Promise<TaskPage> {
    const where = conditions(filter);
    if (marker !== undefined) {
      const known = await this.exists({ projectId: filter.projectId }, marker);
      if (!known) throw new UnknownMarkerError(marker);
      for (const condition of where) condition.uuid = LessThan(marker);
    }
    // One more than asked for tells whether there is a next page.
    const tasks = await this.tasks.find({ where, order: { uuid: 'DESC' }, take: limit + 1 });
    return { tasks: tasks.slice(0, limit), hasMore: tasks.length > limit };
  }

  /** Whether any task is meant by a filter. */
  async exists(filter: TaskFilter, uuid?: string): Promise<boolean> {
    const where = conditions(filter);
    if (uuid !== undefined) for (const condition of where) condition.uuid = uuid;
    return (await this.tasks.findOne({ where, select: { uuid: true } })) !== null;
  }

  /** One task, when the filter means it. */
  findOne(uuid: string, filter: TaskFilter): Promise<Task | null> {
    return this.tasks.findOne({ where: conditions(filter).map((condition) => ({ ...condition, uuid })) });
  }

  /** The servers that the tasks of a tag name, at most `limit` of them. */
  async serversOf(projectId: string, tag: Tag, limit: number): Promise<string[]> {
    const rows = await this.tasks
      .createQueryBuilder('task')
      .select('task.serverId', 'id')
      .distinct(true)
      .where({ projectId, tag })
      .andWhere('task.serverId IS NOT NULL')
      .limit(limit)
      .getRawMany<{ id: string }>();
    return rows.map((row) => row.id);
  }

  /**
   * Takes open tasks whose time to be looked at has come. They are nobody else's until `leaseMs` have passed; a
   * holder that dies loses them by that alone.
   */
  async claimDue(limit: number, leaseMs: number): Promise<Task[]> {
    const now = this.options.now();
    const uuids = await claimDue(this.dataSource, {
      table: 'tasks',
      key: 'uuid',
      due: 'next_look',
      now,
      until: now + leaseMs,
      limit,
    });
    return uuids.length === 0 ? [] : this.tasks.findBy({ uuid: In(uuids) });
  }

  /** Says when to look at an open task again. */
  async lookAgain(uuid: string, at: number): Promise<void> {
    await this.tasks.update({ uuid, state: In([...OPEN_STATES]) }, { nextLook: at });
  }
}

/** The filter in TypeORM's terms: any of these conditions. */
function conditions(filter: TaskFilter): FindOptionsWhere<Task>[] {
  const { projectId, tag, serverId, requestId, states, task, changesSince } = filter;
  const all: FindOptionsWhere<Task> = {
    ...(projectId !== null && { projectId }),
    ...(tag !== undefined && { tag }),
    ...(serverId !== undefined && { serverId }),
    ...(states !== undefined && { state: In(states) }),
    ...(task !== undefined && { task }),
    ...(changesSince !== undefined && { lastUpdated: MoreThanOrEqual(changesSince) }),
  };
  return requestId === undefined
    ? [all]
    : [
        { ...all, requestId },
        { ...all, globalRequestId: requestId },
      ];
}
