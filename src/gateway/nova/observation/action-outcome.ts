import { endingOf, endsWithoutEvent } from '../../../compute/actions/nova-actions.js';
import type { Ending } from '../../../compute/actions/server-action.js';
import type { ActionView, ServerView } from '../reader/nova-views.js';
import { eventFault, faultSince } from './fault-text.js';
import { lastSign } from './last-sign.js';
import { BUSY, failure, SUCCESS, type Verdict } from './verdict.js';

/** The facts about an accepted action on a server. */
export interface ActionEvidence {
  task: string;
  startTime: number;
  /** `null` for a deleted server. */
  server: ServerView | null;
  /** `null` when Nova has no such action. */
  action: ActionView | null;
  /** Epoch milliseconds. */
  now: number;
  /** How long to wait, after a reboot has ended, for news that it failed, in milliseconds. */
  rebootDelayMs: number;
}

/** Silence after which an idle server has forgotten an action, in milliseconds: its compute service was restarted. */
const QUIET_MS = 30_000;

/** The same if Nova shows nothing while it works: the action may wait in the queue of a busy compute service. */
const LONG_QUIET_MS = 600_000;

/** Silence between the steps of an unknown action, in milliseconds. */
const STEP_MS = 5000;

/**
 * The outcome of an action, by its events, or by the server's state when the events have been silent for long
 * (nova/db/main/api.py, `action_event_finish`: of two events with the same name, one may never finish).
 */
export function actionVerdict(evidence: ActionEvidence): Verdict {
  const { task, action, server } = evidence;
  const ending = endingOf(task);
  const ended = ending === null ? byAllEvents(evidence) : byFinalEvents(evidence, ending);
  if (ended !== null) return ended;
  if (endsWithoutEvent(task)) return SUCCESS;
  if (server === null) return failure(`The server was deleted before the action "${task}" ended.`);
  if (server.taskState !== null || server.status === 'UNKNOWN') return BUSY;
  const quiet = ending?.quietMs ?? (ending?.showsTaskState === false ? LONG_QUIET_MS : QUIET_MS);
  if (evidence.now - lastSign(evidence.startTime, action) < quiet) return BUSY;
  if (ending?.endsIn?.includes(server.vmState ?? '')) return SUCCESS;
  return failed(
    evidence,
    action === null
      ? `The compute service has no record of the action "${task}", and the server is ${server.status}.`
      : `The action "${task}" was given up by the compute service; the server is ${server.status}.`,
  );
}

function byFinalEvents(evidence: ActionEvidence, ending: Ending): Verdict | null {
  const { action, server, now, rebootDelayMs, task } = evidence;
  const events = action?.events ?? [];
  const finals = events.filter(({ event }) => ending.finalEvents.includes(event));
  const success = finals.find(({ result }) => result === 'Success');
  if (success !== undefined) {
    const age = now - (success.finishTime ?? now);
    if (task === 'reboot' && rebootDelayMs > 0 && age < rebootDelayMs) return BUSY;
    const isIdle = server === null || server.taskState === null;
    // Another action may be running already.
    return isIdle || !ending.whenIdle || age > QUIET_MS ? SUCCESS : BUSY;
  }
  // Newest first: a failed older attempt means nothing while there is a newer one.
  if (finals[0]?.result === 'Error') return failed(evidence);
  const wentWrong = events.some(({ result }) => result === 'Error') || action?.message === 'Error';
  // A failed step may be retried on another host, as long as the server is not released.
  return wentWrong && (server === null || server.taskState === null) ? failed(evidence) : null;
}

/** An action of a newer Nova: every step that it has begun has ended, and no new one begins. */
function byAllEvents(evidence: ActionEvidence): Verdict | null {
  const { action, server, now } = evidence;
  const events = action?.events ?? [];
  if (action === null || events.length === 0 || (server !== null && server.taskState !== null)) return null;
  const ended = new Set(events.filter(({ result }) => result !== null).map(({ event }) => event));
  if (!events.every(({ event }) => ended.has(event)) || now - lastSign(evidence.startTime, action) < STEP_MS)
    return null;
  return events.some(({ result }) => result === 'Error') ? failed(evidence) : SUCCESS;
}

function failed({ task, action, server }: ActionEvidence, otherwise?: string): Verdict {
  const fault = server === null ? null : faultSince(server, action?.startTime ?? Infinity);
  const text = eventFault(action) ?? fault?.message ?? otherwise ?? `The action "${task}" failed.`;
  return failure(text, fault?.code ?? 500);
}
