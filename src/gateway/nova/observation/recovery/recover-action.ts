import { mayLeaveNoAction } from '../../../../compute/actions/nova-actions.js';
import type { ObservedTask } from '../../../../compute/compute.service.js';
import { isBeingDeleted, isDeleted } from '../delete-outcome.js';
import type { Finding } from '../look.js';
import { type Match, matchAction, mayBeOf } from './match-actions.js';
import { adopted, ambiguous, notFound, type Recovery, untraceable } from './recovery-context.js';

/** Determines whether a request on a server was accepted, by the actions that Nova keeps for the server. */
export async function recoverAction(
  task: ObservedTask,
  serverId: string,
  recovery: Recovery,
): Promise<Finding> {
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

/** A delete has achieved its purpose when the server is gone, regardless of the cause. */
async function recoverDelete(
  task: ObservedTask,
  serverId: string,
  match: Match,
  recovery: Recovery,
): Promise<Finding> {
  const { now, skewMs, servers } = recovery.look;
  const server = await servers.alive(serverId, task);
  const accepted = match.is === 'one' ? { requestId: match.requestId } : {};
  if (isDeleted(server, { now, startTime: task.startTime, skewMs })) return { state: 'success', ...accepted };
  if (match.is === 'one' || (server !== null && isBeingDeleted(server))) return adopted(recovery, accepted);
  return match.is === 'several' ? ambiguous(task, recovery, match.requestIds) : notFound(task, recovery);
}

async function matchOf(task: ObservedTask, serverId: string, recovery: Recovery): Promise<Match> {
  const { look, tasks } = recovery;
  if (task.requestId !== null) return ownAction(task.requestId, serverId, recovery);
  // Before the actions: a task whose answer arrives in between has its request id then, and is no rival.
  const rivals = await tasks.undecided({ ...task, serverId });
  const oldest = rivals.reduce((old, rival) => (rival.startTime < old.startTime ? rival : old), task);
  const actions = (await look.queries.actions(serverId)).filter((action) =>
    mayBeOf({ ...task, startTime: oldest.startTime }, action, look.skewMs),
  );
  const ids = actions.map(({ requestId }) => requestId);
  const ofTasks = await tasks.requestIdsOfTasks({ projectId: task.projectId, serverId }, ids);
  const free = actions.filter(({ requestId }) => !ofTasks.has(requestId));
  // One that Nova has answered has an id of its own.
  const unanswered = rivals.filter(({ requestId }) => requestId === null);
  const known = unanswered.some(({ uuid }) => uuid === task.uuid) ? unanswered : [...unanswered, task];
  return matchAction(task, known, free.reverse(), look.skewMs);
}

/** Nova has answered with an error, and so has given the id under which it keeps the request, if it does. */
async function ownAction(requestId: string, serverId: string, { look }: Recovery): Promise<Match> {
  const actions = await look.queries.actions(serverId);
  return actions.some((action) => action.requestId === requestId) ? { is: 'one', requestId } : { is: 'none' };
}
