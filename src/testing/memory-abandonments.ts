import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type Abandonments, abandonment, type AbandonOptions } from '../tasks/abandoning/abandonments.js';
import { tagKey } from '../tasks/fingerprint/fingerprint.js';
import { assertReason } from '../tasks/reason.js';
import { NO_REQUEST } from '../tasks/recording/abandoned-tags.js';
import { assertTag, type Tag } from '../tasks/tag.js';
import type { Task } from '../tasks/task.entity.js';
import { TooLateToAbandonError } from '../tasks/task.errors.js';
import { type Requester, TASKS_OPTIONS, type TasksOptions } from '../tasks/tasks.options.js';
import { MemoryTables } from './memory-tables.js';

/** Gives up tags in memory, where nothing can come between the look and the write. */
@Injectable()
export class MemoryAbandonments implements Pick<Abandonments, keyof Abandonments> {
  constructor(
    private readonly tables: MemoryTables,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws is to reject the promise
  async abandon(requester: Requester, tag: Tag, options: AbandonOptions = {}): Promise<Task> {
    assertTag(tag, 'The tag');
    assertReason(options.reason);
    const { projectId } = requester;
    const owner = this.tables.ownerOf({ projectId, tag });
    if (owner !== null && owner.abandonment !== null) return this.tables.find(owner.taskUuid) as Task;
    const inTheWay = this.tables.newestFirst(
      (task) =>
        task.projectId === projectId &&
        task.tag === tag &&
        (task.state !== 'failure' || task.duplicateKey !== null),
    );
    if (inTheWay.length > 0) throw new TooLateToAbandonError(inTheWay);
    const task = abandonment(uuidv7(), requester, tag, { ...options, at: this.options.now() });
    const key = tagKey(projectId, tag);
    this.tables.owners.set(key, {
      key,
      taskUuid: task.uuid,
      parts: NO_REQUEST,
      isName: false,
      abandonment: 'final',
    });
    this.tables.write(task);
    return task;
  }
}
