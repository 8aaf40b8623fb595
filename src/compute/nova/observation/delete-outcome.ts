import type { ActionView, ServerView } from '../reader/nova-views.js';
import { eventFault } from './fault-text.js';
import { BUSY, failure, SUCCESS, type Verdict } from './verdict.js';

/** Milliseconds that a delete without a sign of work is waited for: a compute service that is down deletes later. */
const QUIET_MS = 30_000;

/** Whether a server is deleted, also when it can still be restored. */
export function isDeleted(server: ServerView | null): boolean {
  return server === null || server.status === 'DELETED' || server.status === 'SOFT_DELETED';
}

/** Whether Nova is at deleting a server. */
export function isBeingDeleted({ taskState }: ServerView): boolean {
  return taskState === 'deleting' || taskState === 'soft-deleting';
}

/** How a delete that was accepted has ended. */
export function deleteVerdict(
  server: ServerView | null,
  action: ActionView | null,
  { now, startTime }: { now: number; startTime: number },
): Verdict {
  if (server === null || isDeleted(server)) return SUCCESS;
  if (server.taskState !== null || server.status === 'UNKNOWN') return BUSY;
  const wentWrong = action?.events.some(({ result }) => result === 'Error') || action?.message === 'Error';
  if (wentWrong || now - startTime > QUIET_MS)
    return failure(
      eventFault(action) ?? `The server was not deleted; it is ${server.status}.`,
      server.fault?.code,
    );
  return BUSY;
}
