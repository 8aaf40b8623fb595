import type { ApiError } from '../../errors/api-error.js';
import { type FingerprintInput, tagKey } from '../fingerprint/fingerprint.js';
import type { Task } from '../task.entity.js';
import { DuplicateRequestError } from '../task.errors.js';
import type { TagOwners } from './tag-owners.js';
import type { TaskWrites, Written } from './task-writes.js';

/** The writes of new tasks, and the reasons why one is not written. */
export class NewTaskWrites {
  constructor(
    private readonly writes: TaskWrites,
    private readonly owners: TagOwners,
  ) {}

  /**
   * @param description `null` for a request that is never the same as another one
   * @param ownsTag whether its tag may belong to no other request
   * @returns `taken` when its key or its tag is, or another request was faster
   * @throws RecorderBusyError when too many writes wait
   */
  async insert(task: Task, description: FingerprintInput | null, ownsTag: boolean): Promise<Written> {
    const { projectId, tag } = task;
    if (description === null || !ownsTag)
      return this.writes.insert(task, tag === null ? null : tagKey(projectId, tag));
    return (await this.owners.insert(task, description)) ? 'written' : 'taken';
  }

  /** Why a task was not written; `null` when its key and its tag are free again. */
  async refusalOf(task: Task, description: FingerprintInput, ownsTag: boolean): Promise<ApiError | null> {
    const first = await this.writes.withKey(task.duplicateKey ?? '');
    if (first !== null) return new DuplicateRequestError(first);
    return ownsTag ? this.owners.refusalOf(task, description) : null;
  }
}
