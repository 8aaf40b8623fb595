import { type EntityManager, In } from 'typeorm';
import { Task } from '../task.entity.js';
import { TaskMovedOnError } from '../task.errors.js';
import { type Outcome, statesBefore } from '../task.states.js';
import type { TasksOptions } from '../tasks.options.js';
import { TagOwner } from './tag-owner.entity.js';
import { changesOf } from './task-changes.js';

/**
 * Records what became of a task as a part of somebody else's transaction: it is committed, or rolled back, with what
 * else that one does.
 *
 * @throws Error when no transaction is open: what is written by such a manager is committed at once, statement by statement
 * @throws TaskMovedOnError when the task has moved on already, such as after this process was taken for dead: the
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
      'There is no open transaction of this entity manager, with which a task could be ended. Give the manager that ' +
        'dataSource.transaction() hands to its callback, or none.',
    );
  }
  const state = In([...statesBefore(outcome, 'answer')]);
  const { affected } = await manager.update(Task, { uuid, state }, changesOf(outcome, options));
  if (affected !== 1) throw new TaskMovedOnError(uuid);
  if (outcome.state === 'rejected') await manager.delete(TagOwner, { taskUuid: uuid });
}

/** How a task ends whose handler was to end it in its own transaction, and which stands as it was when that has ended. */
export const NOT_COMMITTED: Outcome = {
  state: 'rejected',
  fault: {
    code: 503,
    message:
      'Its work was rolled back, or its process ended before it was committed. Nothing was done. Send it again.',
  },
};
