import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { onMaster } from '../../storage/on-master.js';
import { tagKey } from '../fingerprint/fingerprint.js';
import { AbandonedTags, LOOK_PAUSE_MS, MOST_LOOKS } from '../recording/abandoned-tags.js';
import { RecorderBusyError } from '../recording/recorder-busy.error.js';
import { InjectTasksDataSource } from '../tables/tasks-data-source.js';
import { assertTag, type Tag } from '../tag.js';
import { Task } from '../task.entity.js';
import { ABANDONED, TooLateToAbandonError } from '../task.errors.js';
import { type Requester, TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { assertReason } from '../reason.js';

/** The name of the task that stands for an abandonment. */
export const ABANDON = 'abandon';

/** The most tasks that are shown when it is too late. */
const MOST_SHOWN = 100;

/** What else is known of an abandonment. */
export interface AbandonOptions {
  /** Why, at most 255 characters. @default null */
  reason?: string | null;
  /** The ids of the request that asks for it, to find its task by. @default null */
  requestId?: string | null;
  /** @default null */
  globalRequestId?: string | null;
}

/** Gives up tags under which no request has been accepted; see `AbandonedTags` for why that is certain. */
@Injectable()
export class Abandonments {
  private readonly tags: AbandonedTags;

  /** @internal */
  constructor(
    @InjectTasksDataSource() private readonly dataSource: DataSource,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {
    this.tags = new AbandonedTags(dataSource);
  }

  /** See `TasksService.abandon`. */
  async abandon(requester: Requester, tag: Tag, options: AbandonOptions = {}): Promise<Task> {
    assertTag(tag, 'The tag');
    assertReason(options.reason);
    const { projectId } = requester;
    const key = tagKey(projectId, tag);
    for (let n = 0; n < MOST_LOOKS; n += 1) {
      await pause(n * LOOK_PAUSE_MS);
      await this.tags.begin(key, uuidv7());
      // It may be another's that was begun, and whose process may be dead: whoever is first makes it final.
      const owner = await this.tags.find(key);
      if (owner === null) continue;
      if (owner.abandonment === 'final') {
        const task = await this.tags.taskOf(owner);
        if (task !== null) return task;
        continue;
      }
      const inTheWay = await this.inTheWay(projectId, tag);
      if (inTheWay.length > 0) {
        // Another process may have looked earlier, and made it final since: then the request is refused.
        if (owner.abandonment === 'begun' && !(await this.tags.takeBack(owner))) continue;
        throw new TooLateToAbandonError(inTheWay);
      }
      const task = abandonment(owner.taskUuid, requester, tag, { ...options, at: this.options.now() });
      if (owner.abandonment === 'begun' && (await this.tags.finish(owner, task))) return task;
    }
    throw new RecorderBusyError();
  }

  /** The tag's tasks that may have been accepted, newest first. */
  private inTheWay(projectId: string, tag: Tag): Promise<Task[]> {
    return onMaster(this.dataSource, (manager) =>
      manager
        .createQueryBuilder(Task, 'task')
        .where({ projectId, tag })
        .andWhere(`(task.state <> 'failure' OR task.duplicateKey IS NOT NULL)`)
        .orderBy('task.uuid', 'DESC')
        .limit(MOST_SHOWN)
        .getMany(),
    );
  }
}

/**
 * The task of an abandonment. To readers it is a request that was rejected, and will be again; so none takes it for the
 * one that they wait for.
 *
 * @param at epoch milliseconds
 */
export function abandonment(
  uuid: string,
  { projectId, userId }: Requester,
  tag: Tag,
  { at, ...options }: AbandonOptions & { at: number },
): Task {
  return {
    uuid,
    projectId,
    userId,
    tag,
    duplicateKey: null,
    task: ABANDON,
    state: 'failure',
    subject: null,
    resource: null,
    requestId: options.requestId ?? null,
    globalRequestId: options.globalRequestId ?? null,
    faultCode: 410,
    faultMessage: ABANDONED,
    resolved: { by: userId, at, reason: options.reason ?? null },
    startTime: at,
    lastUpdated: at,
    nextLook: null,
    sameTransaction: false,
    traceContext: null,
    process: null,
    sentAfter: null,
    answeredAfter: null,
    lookedAt: null,
    whyOpen: null,
  };
}
