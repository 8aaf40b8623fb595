import type { ApiError } from '../../errors/api-error.js';
import { type FingerprintInput, tagKey } from '../fingerprint/fingerprint.js';
import type { Task } from '../task.entity.js';
import { DuplicateRequestError } from '../task.errors.js';
import type { TasksOptions } from '../tasks.options.js';
import type { NewTask } from './new-task.js';
import type { TagOwners } from './tag-owners.js';
import type { TaskWrites, Written } from './task-writes.js';

/** How a request has its tag: with others, alone, or alone as a name that may be free again. */
export type Ownership = 'shared' | 'alone' | 'name';

/** The writes of new tasks, and the reasons why one is not written. */
export class NewTaskWrites {
  constructor(
    private readonly writes: TaskWrites,
    private readonly owners: TagOwners,
  ) {}

  /**
   * @param description `null` for a request that is never the same as another one
   * @returns `taken` when its key or its tag is, or another request was faster
   * @throws RecorderBusyError when too many writes wait
   */
  insert(task: Task, description: FingerprintInput | null, owns: Ownership): Promise<Written> {
    const { projectId, tag } = task;
    // Because of a label, no request is refused: not even because of an abandoned one.
    if (tag === null || description === null) return this.writes.insert(task, null);
    if (owns === 'shared') return this.writes.insert(task, tagKey(projectId, tag));
    const isWritten = this.owners.insert(task, description, owns === 'name');
    return isWritten.then((is) => (is ? 'written' : 'taken'));
  }

  /** Why a task was not written; `null` when its key and its tag are free again. */
  async refusalOf(task: Task, description: FingerprintInput, owns: Ownership): Promise<ApiError | null> {
    const first = await this.writes.withKey(task.duplicateKey ?? '');
    if (first !== null) return new DuplicateRequestError(first);
    return owns !== 'shared' ? this.owners.refusalOf(task, description) : null;
  }
}

/** How a request has its tag, by what the tag means and whether tags may be reused. */
export function ownership({ tagMeans }: NewTask, { tagReuse }: TasksOptions): Ownership {
  if (tagMeans === 'name') return 'name';
  return tagReuse === 'refuse' ? 'alone' : 'shared';
}
