import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, In, type Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { isUniqueViolation, retryDeadlocks } from '../database/driver-errors.js';
import { duplicateKey } from './fingerprint.js';
import type { Tag } from './tag.js';
import { Task } from './task.entity.js';
import { TaskServer } from './task-server.entity.js';
import { DuplicateRequestError } from './task.errors.js';
import { type Outcome, statesBefore } from './task.states.js';
import { TASKS_OPTIONS, type TasksOptions } from './tasks.options.js';

/** A request that is about to be carried out. */
export interface NewTask {
  projectId: string;
  userId: string;
  tag: Tag | null;
  /** Names the same request again, whoever sends it; see `fingerprint()`. Used only with a tag. */
  fingerprint: () => Buffer;
  task: string;
  resource: Record<string, string> | null;
  serverId: string | null;
  requestId: string | null;
  globalRequestId: string | null;
}

/** The characters of a fault's text that are kept: what fits into a text column of every database. */
const MAX_MESSAGE = 16_000;

/**
 * Writes tasks: the path that every request goes through twice, and the only place that writes their state.
 *
 * The database decides who is first (unique index) and which news counts (compare-and-set), never this process.
 */
@Injectable()
export class TaskRecorder {
  private readonly tasks: Repository<Task>;
  private readonly taskServers: Repository<TaskServer>;

  constructor(
    @InjectDataSource() dataSource: DataSource,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {
    this.tasks = dataSource.getRepository(Task);
    this.taskServers = dataSource.getRepository(TaskServer);
  }

  /**
   * Records a request as `pending`. When it returns, the row is committed.
   *
   * @throws DuplicateRequestError when the same request counts as accepted under the same tag
   */
  async accept(request: NewTask): Promise<Task> {
    const { fingerprint, ...columns } = request;
    const now = this.options.now();
    const task: Task = {
      ...columns,
      uuid: uuidv7(),
      duplicateKey: request.tag === null ? null : duplicateKey(request.projectId, request.tag, fingerprint()),
      state: 'pending',
      faultCode: null,
      faultMessage: null,
      startTime: now,
      lastUpdated: now,
      nextLook: now + this.options.pendingMs,
    };
    for (;;) {
      try {
        await retryDeadlocks(() => this.tasks.insert(task));
        return task;
      } catch (error) {
        if (task.duplicateKey === null || !isUniqueViolation(error)) throw error;
      }
      const first = await this.tasks.findOneBy({ duplicateKey: task.duplicateKey });
      if (first !== null) throw new DuplicateRequestError(first);
      // The first one was rejected between the two statements, and its key is free again.
    }
  }

  /**
   * Records what became of a task.
   *
   * @returns false when the task had moved on already, and the news is old
   */
  async settle(uuid: string, outcome: Outcome): Promise<boolean> {
    if ('servers' in outcome && outcome.servers !== undefined)
      await this.recordServers(uuid, outcome.servers);
    const before = { uuid, state: In([...statesBefore(outcome.state)]) };
    const changes = this.changes(outcome);
    const { affected } = await retryDeadlocks(() => this.tasks.update(before, changes));
    return affected === 1;
  }

  /** Before the state, so that a task that says it has made servers can tell which. */
  private async recordServers(taskUuid: string, [, ...others]: string[]): Promise<void> {
    if (others.length === 0) return;
    const rows = others.map((serverId) => ({ taskUuid, serverId }));
    await this.taskServers.createQueryBuilder().insert().values(rows).orIgnore().execute();
  }

  private changes(outcome: Outcome): Partial<Task> {
    const now = this.options.now();
    const changes: Partial<Task> = { lastUpdated: now, nextLook: null };
    if (outcome.requestId !== undefined) changes.requestId = outcome.requestId;
    if ('resource' in outcome && outcome.resource !== undefined) {
      changes.resource = outcome.resource;
      if (outcome.resource['server'] !== undefined) changes.serverId = outcome.resource['server'];
    }
    if ('fault' in outcome) {
      changes.faultCode = outcome.fault.code;
      changes.faultMessage = outcome.fault.message.slice(0, MAX_MESSAGE);
    }
    switch (outcome.state) {
      case 'rejected':
        return { ...changes, state: 'failure', duplicateKey: null };
      case 'processing':
        return { ...changes, state: 'processing', nextLook: outcome.lookAgainAt };
      case 'unknown':
        return { ...changes, state: 'unknown', nextLook: now };
      default:
        return { ...changes, state: outcome.state };
    }
  }
}
