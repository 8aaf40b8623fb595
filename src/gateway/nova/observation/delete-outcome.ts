import type { ActionView, ServerView } from '../reader/nova-views.js';
import { eventFault } from './fault-text.js';
import { lastSign } from './last-sign.js';
import { BUSY, failure, SUCCESS, type Verdict } from './verdict.js';

/** How long to wait for a delete without a sign of work, in ms: a compute service that is down deletes later. */
const QUIET_MS = 30_000;

/** The same while its last step is running: Nova then shows nothing about a resized server (`_do_delete`). */
const LONG_QUIET_MS = 600_000;

/** When the delete was requested. Epoch milliseconds. */
export interface DeleteTimes {
  now: number;
  startTime: number;
  /** How far Nova's times may differ, in milliseconds. */
  skewMs: number;
}

/**
 * Whether a server is deleted, even if it can still be restored; unless it was so before, and is now to be deleted for
 * good.
 */
export function isDeleted(server: ServerView | null, { startTime, skewMs }: DeleteTimes): boolean {
  if (server === null || server.status === 'DELETED') return true;
  return (
    server.status === 'SOFT_DELETED' && server.taskState === null && server.updatedAt >= startTime - skewMs
  );
}

/** Whether Nova is deleting a server. */
export function isBeingDeleted({ taskState }: ServerView): boolean {
  return taskState === 'deleting' || taskState === 'soft-deleting';
}

/** The outcome of an accepted delete. */
export function deleteVerdict(
  server: ServerView | null,
  action: ActionView | null,
  times: DeleteTimes,
): Verdict {
  if (server === null || isDeleted(server, times)) return SUCCESS;
  if (server.taskState !== null || server.status === 'UNKNOWN') return BUSY;
  const events = action?.events ?? [];
  const wentWrong = events.some(({ result }) => result === 'Error') || action?.message === 'Error';
  const isAtIt = events.some(
    ({ event, result }) => event === 'compute_terminate_instance' && result === null,
  );
  const silence = times.now - lastSign(times.startTime, action);
  if (wentWrong || silence > (isAtIt ? LONG_QUIET_MS : QUIET_MS))
    return failure(
      eventFault(action) ?? `The server was not deleted; it is ${server.status}.`,
      server.fault?.code,
    );
  return BUSY;
}
