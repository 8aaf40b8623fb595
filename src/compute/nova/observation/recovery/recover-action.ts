import type { ObservedTask } from '../../../compute.service.js';
import type { ActionView } from '../../reader/nova-views.js';
import { mayLeaveNoAction } from '../action-table.js';
import { isBeingDeleted, isDeleted } from '../delete-outcome.js';
import type { Outcome } from '../look.js';
import { type Match, matchAction, mayBeOf } from './match-actions.js';
import { adopted, ambiguous, notFound, type Recovery, untraceable } from './recovery-context.js';

/** Finds out whether a request on a server was accepted, by the actions that Nova keeps of the server. */
export async function recoverAction(
  task: ObservedTask,
  serverId: string,
  recovery: Recovery,
): Promise<Outcome> {
  const { queries } = recovery.look;
  // Known when Nova answered with an error; else it is this server's own id, which Nova does not know.
  const own = task.requestId === null ? null : await queries.action(serverId, task.requestId);
  if (own !== null) return adopted(recovery, { requestId: own.requestId });
  const match = await matchOf(task, serverId, recovery);
  if (task.task === 'delete') return recoverDelete(task, serverId, match, recovery);
  switch (match.is) {
    case 'one':
      return adopted(recovery, { requestId: match.requestId });
    case 'several':
      return ambiguous(task, recovery, match.requestIds);
    case 'none':
      return mayLeaveNoAction(task.task) ? untraceable(task, recovery) : notFound(task, recovery);
  }
}

/** What a delete is about has come true when the server is gone, whoever deleted it. */
async function recoverDelete(
  task: ObservedTask,
  serverId: string,
  match: Match,
  recovery: Recovery,
): Promise<Outcome> {
  const server = await recovery.look.servers.alive(serverId, task.startTime);
  const accepted = match.is === 'one' ? { requestId: match.requestId } : {};
  if (isDeleted(server)) return { state: 'success', ...accepted };
  if (match.is === 'one' || (server !== null && isBeingDeleted(server))) return adopted(recovery, accepted);
  return match.is === 'several' ? ambiguous(task, recovery, match.requestIds) : notFound(task, recovery);
}

async function matchOf(task: ObservedTask, serverId: string, recovery: Recovery): Promise<Match> {
  const { look, tasks } = recovery;
  // Before the actions: a task that gets its answer in between has its request id then, and is no rival.
  const rivals = await tasks.undecided({ ...task, serverId });
  const oldest = rivals.reduce((old, rival) => (rival.startTime < old.startTime ? rival : old), task);
  const actions = (await look.queries.actions(serverId)).filter((action) =>
    mayBeOf({ ...task, startTime: oldest.startTime }, action),
  );
  const free = await unclaimed(actions, task.projectId, oldest.startTime, recovery);
  const known = rivals.some(({ uuid }) => uuid === task.uuid) ? rivals : [...rivals, task];
  return matchAction(task, known, free.reverse());
}

/** The actions that are of no task yet. */
export async function unclaimed(
  actions: ActionView[],
  projectId: string,
  since: number,
  { tasks }: Recovery,
): Promise<ActionView[]> {
  const ids = actions.map(({ requestId }) => requestId);
  const claimed = await tasks.claimedRequestIds(projectId, since, ids);
  return actions.filter(({ requestId }) => !claimed.has(requestId));
}
