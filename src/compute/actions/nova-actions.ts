import { NOVA_ACTIONS, READS, SERVER_ACTIONS } from './body-actions.js';
import type { Ending, NovaAction } from './server-action.js';
import { RELAYED_REQUESTS, SERVER_REQUESTS } from './url-actions.js';

/** All of Nova's actions by their task. A new one is a row in `body-actions.ts` or `url-actions.ts`. */
const BY_TASK: ReadonlyMap<string, NovaAction> = new Map(
  [SERVER_ACTIONS, NOVA_ACTIONS, SERVER_REQUESTS, RELAYED_REQUESTS].flatMap((rows) =>
    Object.values<NovaAction>(rows).map((action) => [action.task, action] as const),
  ),
);

const BY_KEY: ReadonlyMap<string, NovaAction> = new Map([
  ...Object.entries(SERVER_ACTIONS),
  ...Object.entries(NOVA_ACTIONS),
]);

/** What could be the name of an action: it is kept as the name of a task. */
const NAME = /^[\w.:-]{1,64}$/;

/** Whether the key of an action's body names a request that only reads. */
export function isRead(key: string): boolean {
  return READS.has(key);
}

/**
 * The task that the key of an action's body stands for. An action that is not known here, of a newer Nova, is
 * recorded under its own key.
 *
 * @returns `null` when the key can be no task's name
 */
export function taskOfKey(key: string): string | null {
  return BY_KEY.get(key)?.task ?? (NAME.test(key) ? key : null);
}

/** Whether everything that a task is about is done when Nova has answered with a 2xx. */
export function isDoneWhenAnswered(task: string): boolean {
  return BY_TASK.get(task)?.doneWhenAnswered ?? false;
}

/**
 * The status of the answer to an accepted request.
 *
 * @param key the key of the body that names it, since two actions may be one task: a `forceDelete` is a delete
 */
export function statusOfAnswer(task: string, key: string | null): number {
  if (task === 'create') return 202;
  return actionOf(task, key)?.status ?? 202;
}

/** Whether administrators alone may do it, by the defaults of Nova's policy. */
export function isForAdmins(task: string, key: string | null): boolean {
  return actionOf(task, key)?.adminOnly ?? false;
}

function actionOf(task: string, key: string | null): NovaAction | undefined {
  const named = BY_KEY.get(key ?? '');
  return named?.task === task ? named : BY_TASK.get(task);
}

/** @returns `null` for an action whose end is not known here, such as one of a newer Nova */
export function endingOf(task: string): Ending | null {
  return BY_TASK.get(task)?.ending ?? null;
}

/** Whether Nova may carry a request out and keep no action of it, or, for one that is not known here, another one. */
export function mayLeaveNoAction(task: string): boolean {
  const { ending, leaves } = BY_TASK.get(task) ?? {};
  return leaves === undefined ? ending === undefined : leaves === 'nothing';
}

/** Whether a request that Nova has accepted is over although no event says so: there may never be one. */
export function endsWithoutEvent(task: string): boolean {
  return BY_TASK.get(task)?.leaves !== undefined;
}
