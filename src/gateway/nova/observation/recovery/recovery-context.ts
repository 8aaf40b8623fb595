import type { ObservedTask } from '../../../../compute/compute.service.js';
import type { Resource } from '../../../../tasks/task.states.js';
import type { Look, Finding } from '../look.js';
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
    return atDeadline(task, recovery, { state: 'failure', fault: { code: 404, message } });
  }
  return atDeadline(task, recovery, { state: 'rejected', fault: NOT_ACCEPTED });
}

/** Several candidates were found: at the deadline that is reported, and the request counts as accepted. */
export function ambiguous(task: ObservedTask, recovery: Recovery, requestIds: string[]): Finding {
  const message =
    'It is ambiguous whether the request was accepted: the compute service has ' +
    `${requestIds.length} similar requests that may be this one (${requestIds.join(', ')}).`;
  return atDeadline(task, recovery, { state: 'failure', fault: { code: 409, message } });
}

/** The same for servers, if Nova does not show which request has made them. */
export function ambiguousServers(task: ObservedTask, recovery: Recovery, ids: string[]): Finding {
  const message =
    'It is ambiguous whether the request was accepted: the compute service does not show which request has made ' +
    `${ids.join(', ')}. Look at them before sending it again.`;
  return atDeadline(task, recovery, { state: 'failure', fault: { code: 409, message } });
}

/** Nova keeps no record that could decide it. */
export function untraceable(task: ObservedTask, recovery: Recovery): Finding {
  const message =
    `It cannot be determined whether "${task.task}" was accepted: the compute service keeps no record of it. ` +
    'Look at the server itself before sending it again.';
  return atDeadline(task, recovery, { state: 'failure', fault: { code: 500, message } });
}

function atDeadline(task: ObservedTask, { look, deadlineOf }: Recovery, final: Finding): Finding {
  const deadline = deadlineOf(task);
  return look.now >= deadline ? final : waitFor(deadline, task, look);
}
