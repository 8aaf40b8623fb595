import { Injectable } from '@nestjs/common';
import { type DataSource, In, IsNull, MoreThanOrEqual, type Repository } from 'typeorm';
import type { ObservedTask } from '../../../../compute/compute.service.js';
import { observedTask } from '../../../../compute/observed-task.js';
import { firstUuidOf } from '../../../../tasks/first-uuid.js';
import { TaskSubject } from '../../../../tasks/tables/task-subject.entity.js';
import { InjectTasksDataSource } from '../../../../tasks/tables/tasks-data-source.js';
import { Task } from '../../../../tasks/task.entity.js';
import { UNDECIDED_STATES } from '../../../../tasks/task.states.js';

/** A task is recorded this much before its time by Nova's clock at most, in milliseconds. */
const MARGIN_MS = 60_000;

/** Where to look for tasks that may have a request id; each goes by an index. */
export interface RequestIdPlace {
  projectId: string;
  /** Tasks on this server alone. */
  serverId?: string;
  /** When the oldest of those tasks may have been recorded, in epoch milliseconds: the time is in the uuid. */
  since?: number;
}

/** What recovery needs to know of other tasks: which of Nova's traces are theirs, and which may be anybody's. */
@Injectable()
export class RecordedTasks {
  private readonly tasks: Repository<Task>;
  private readonly subjects: Repository<TaskSubject>;

  constructor(@InjectTasksDataSource() dataSource: DataSource) {
    this.tasks = dataSource.getRepository(Task);
    this.subjects = dataSource.getRepository(TaskSubject);
  }

  /**
   * The undecided tasks that are like one: by the same user, of the same kind, on the same server or, like it, on none
   * yet; in time order.
   */
  async undecided({
    projectId,
    userId,
    task,
    serverId,
  }: Pick<ObservedTask, 'projectId' | 'userId' | 'task' | 'serverId'>): Promise<ObservedTask[]> {
    const like = await this.tasks.find({
      where: {
        projectId,
        subject: serverId ?? IsNull(),
        userId,
        task,
        state: In([...UNDECIDED_STATES]),
        nextLook: MoreThanOrEqual(0),
      },
      order: { uuid: 'ASC' },
    });
    return like.map(observedTask);
  }

  /** Which of some request ids of Nova's belong to tasks of a project. */
  async requestIdsOfTasks(
    { projectId, serverId, since }: RequestIdPlace,
    requestIds: string[],
  ): Promise<Set<string>> {
    if (requestIds.length === 0) return new Set();
    const found = await this.tasks.find({
      select: { uuid: true, requestId: true },
      where: {
        projectId,
        ...(serverId !== undefined && { subject: serverId }),
        ...(since !== undefined && { uuid: MoreThanOrEqual(firstUuidOf(since - MARGIN_MS)) }),
        requestId: In(requestIds),
      },
    });
    return new Set(found.map(({ requestId }) => requestId).filter((id) => id !== null));
  }

  /** Which of some servers tasks of a project are known to be about. */
  async serversOfTasks(projectId: string, ids: string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const found = await this.tasks.find({
      select: { uuid: true, subject: true },
      where: { projectId, subject: In(ids) },
    });
    const others = await this.subjects.findBy({ subject: In(ids) });
    return new Set([...found, ...others].map(({ subject }) => subject as string));
  }
}
