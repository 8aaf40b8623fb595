import { type EntityManager, In } from 'typeorm';
import { Task } from '../task.entity.js';
import { TaskMovedOnError } from '../task.errors.js';
import { type Outcome, statesBefore } from '../task.states.js';
import type { TasksOptions } from '../tasks.options.js';
import { TagOwner } from './tag-owner.entity.js';
import { changesOf } from './task-changes.js';

/**
 * Records the outcome of a task within the caller's transaction: it is committed, or rolled back, with everything else
 * in that transaction.
 *
 * @throws Error when no transaction is open: a manager without one commits each statement at once
 * @throws TaskMovedOnError when the task has already moved on, such as after this process was taken for dead: the
 *   transaction must be rolled back
 */
export async function recordOutcomeIn(
  manager: EntityManager,
  uuid: string,
  outcome: Outcome,
  options: TasksOptions,
): Promise<void> {
  if (manager.queryRunner?.isTransactionActive !== true) {
    throw new Error(
      'This entity manager has no open transaction in which a task could be ended. Pass the manager that ' +
        'dataSource.transaction() passes to its callback, or none.',
    );
  }
  const state = In([...statesBefore(outcome, 'answer')]);
  const { affected } = await manager.update(Task, { uuid, state }, changesOf(outcome, options));
  if (affected !== 1) throw new TaskMovedOnError(uuid);
  if (outcome.state === 'rejected') await manager.delete(TagOwner, { taskUuid: uuid });
}

/** The outcome of a task that its handler should have ended in its own transaction, if it is still open after that. */
export const NOT_COMMITTED: Outcome = {
  state: 'rejected',
  fault: {
    code: 503,
    message:
      'The work was rolled back, or its process ended before the commit. Nothing was done. Send the request again.',
  },
};
