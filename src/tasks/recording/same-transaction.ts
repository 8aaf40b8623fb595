import { type EntityManager, In } from 'typeorm';
import { Task } from '../task.entity.js';
import { TaskMovedOnError } from '../task.errors.js';
import { type Outcome, statesBefore } from '../task.states.js';
import type { TasksOptions } from '../tasks.options.js';
import { type Settled, settledBy } from './outcome-writes.js';
import { TagOwner } from './tag-owner.entity.js';
import { changesOf } from './task-changes.js';

/**
 * Records the outcome of a task within the caller's transaction: it is committed, or rolled back, with everything else
 * in that transaction.
 *
 * @param more further changes
 * @throws Error when no transaction is open: a manager without one commits each statement at once
 * @throws TaskMovedOnError when the task has already moved on, such as after this process was taken for dead: the
 *   transaction must be rolled back
 */
export async function recordOutcomeIn(
  manager: EntityManager,
  uuid: string,
  outcome: Outcome,
  more: Partial<Task>,
  options: TasksOptions,
): Promise<Settled> {
  if (manager.queryRunner?.isTransactionActive !== true) {
    throw new Error(
      'This entity manager has no open transaction in which a task could be ended. Pass the manager that ' +
        'dataSource.transaction() passes to its callback, or none.',
    );
  }
  if (!manager.dataSource.hasMetadata(Task)) {
    throw new Error(
      'This entity manager belongs to a data source that does not know the tables of the tasks. Pass a manager of the ' +
        "one that TasksModule's option dataSource names.",
    );
  }
  const state = In([...statesBefore(outcome, 'answer')]);
  const changes = { ...changesOf(outcome, options), ...more };
  const { affected } = await manager.update(Task, { uuid, state }, changes);
  if (affected !== 1) throw new TaskMovedOnError(uuid);
  if (outcome.state === 'rejected') await manager.delete(TagOwner, { taskUuid: uuid });
  return settledBy(uuid, outcome, changes);
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
