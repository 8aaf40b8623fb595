import type { ObservedTask } from '../../../../compute/compute.service.js';
import type { Resource } from '../../../../tasks/task.states.js';
import type { Look, Finding } from '../look.js';
import type { SearchedFor } from '../why-open.js';
import { NOT_ACCEPTED, waitFor } from './deadline.js';
import type { ForeignServers } from './foreign-servers.js';
import type { RecordedTasks } from './recorded-tasks.js';

/** The means of determining whether a request was accepted. */
export interface Recovery {
  look: Look;
  tasks: RecordedTasks;
  /** What is known of servers of other requests. */
  foreign: ForeignServers;
  /** Whether the servers of tagged creates may carry a marker, and whether all do. */
  markers: 'none' | 'some' | 'all';
  /** Until when a task may still turn out to be accepted, in epoch milliseconds; fixed before the search. */
  deadlineOf: (task: ObservedTask) => number;
}

/**
 * The request was accepted; its end is looked for next. If Nova's request id is not known yet, it is set to `null`, to
 * replace this server's own id of the request.
 */
export function adopted(
  { look }: Recovery,
  found: { requestId?: string; resource?: Resource; subjects?: string[] },
): Finding {
  return { state: 'processing', requestId: null, ...found, lookAgainAt: look.now };
}

/** Nothing was found: that is final at the deadline. */
export function notFound(task: ObservedTask, recovery: Recovery): Finding {
  if (task.state === 'processing') {
    const message = 'The servers of this request cannot be found; they may have been deleted at once.';
    return atDeadline(task, recovery, { state: 'failure', fault: { code: 404, message } }, NO_SERVERS);
  }
  const isMarked = task.isMarked && recovery.markers !== 'none' && task.serverId === null;
  const found = isMarked ? 'it was not found yet by its marker' : 'it was not found yet in its records';
  const searched = { found, otherwise: 'it counts as not accepted' };
  return atDeadline(task, recovery, { state: 'rejected', fault: NOT_ACCEPTED }, searched);
}

/** Several candidates were found: at the deadline that is reported, and the request counts as accepted. */
export function ambiguous(task: ObservedTask, recovery: Recovery, requestIds: string[]): Finding {
  const message =
    'It is ambiguous whether the request was accepted: the compute service has ' +
    `${requestIds.length} similar requests that may be this one (${requestIds.join(', ')}).`;
  const found = `Nova has ${requestIds.length} similar requests that may be this one`;
  return atDeadline(
    task,
    recovery,
    { state: 'failure', fault: { code: 409, message } },
    { found, otherwise: AMBIGUOUS },
  );
}

/** The same for servers, if Nova does not show which request has made them. */
export function ambiguousServers(task: ObservedTask, recovery: Recovery, ids: string[]): Finding {
  const message =
    'It is ambiguous whether the request was accepted: the compute service does not show which request has made ' +
    `${ids.join(', ')}. Look at them before sending it again.`;
  const found = `Nova does not show yet which request has made ${ids.length === 1 ? 'a server' : `${ids.length} servers`}`;
  return atDeadline(
    task,
    recovery,
    { state: 'failure', fault: { code: 409, message } },
    { found, otherwise: AMBIGUOUS },
  );
}

/** Nova keeps no record that could decide it. */
export function untraceable(task: ObservedTask, recovery: Recovery): Finding {
  const message =
    `It cannot be determined whether "${task.task}" was accepted: the compute service keeps no record of it. ` +
    'Look at the server itself before sending it again.';
  const searched = { found: 'Nova keeps no record of such a request', otherwise: 'it ends as undetermined' };
  return atDeadline(task, recovery, { state: 'failure', fault: { code: 500, message } }, searched);
}

const AMBIGUOUS = 'it ends as ambiguous';

const NO_SERVERS: SearchedFor = {
  found: 'its servers cannot be found',
  otherwise: 'it ends as a failure',
};

function atDeadline(
  task: ObservedTask,
  { look, deadlineOf }: Recovery,
  final: Finding,
  searched: SearchedFor,
): Finding {
  const deadline = deadlineOf(task);
  return look.now >= deadline ? final : waitFor(deadline, task, look, searched);
}
