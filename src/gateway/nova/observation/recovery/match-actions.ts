import type { ObservedTask } from '../../../../compute/compute.service.js';
import type { ActionView } from '../../reader/nova-views.js';

/** Nova's action for a task. */
export type Match =
  { is: 'one'; requestId: string } | { is: 'none' } | { is: 'several'; requestIds: string[] };

/**
 * Whether an action may come from a task.
 *
 * @param skewMs how far Nova's times may differ from this server's, in milliseconds
 */
export function mayBeOf(task: ObservedTask, action: ActionView, skewMs: number): boolean {
  return (
    action.action === task.task &&
    action.userId === task.userId &&
    action.projectId === task.projectId &&
    action.startTime >= task.startTime - skewMs
  );
}

/**
 * Matches the actions of a server that no task has yet with the tasks that have none.
 *
 * @param rivals the tasks of the same user, server and action without an action, in time order; the task itself is one
 *   of them
 * @param actions that may belong to any of them, in time order
 */
export function matchAction(
  task: ObservedTask,
  rivals: readonly ObservedTask[],
  actions: readonly ActionView[],
  skewMs: number,
): Match {
  const possible = actions.filter((action) => mayBeOf(task, action, skewMs));
  if (possible.length === 0) return { is: 'none' };
  const requestIds = [...new Set(possible.map(({ requestId }) => requestId))];
  // The answer to a running request will show which action is its own.
  const isSettled = rivals.every(({ state, uuid }) => state !== 'pending' || uuid === task.uuid);
  if (!isSettled || rivals.length !== actions.length) return { is: 'several', requestIds };
  const fits = rivals.every((rival, at) => {
    const action = actions[at];
    return action !== undefined && mayBeOf(rival, action, skewMs);
  });
  const own = actions[rivals.findIndex(({ uuid }) => uuid === task.uuid)];
  return fits && own !== undefined ? { is: 'one', requestId: own.requestId } : { is: 'several', requestIds };
}
