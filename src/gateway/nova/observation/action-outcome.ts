import type { ActionView, ServerView } from '../reader/nova-views.js';
import { type ActionRule, isDoneWhenAccepted, ruleOf } from './action-table.js';
import { eventFault, faultSince } from './fault-text.js';
import { lastSign } from './last-sign.js';
import { BUSY, failure, SUCCESS, type Verdict } from './verdict.js';

/** What is known of an accepted action on a server. */
export interface ActionEvidence {
  task: string;
  startTime: number;
  /** `null` for one that is deleted. */
  server: ServerView | null;
  /** `null` when Nova has no such action. */
  action: ActionView | null;
  /** Epoch milliseconds. */
  now: number;
  /** How long to wait after the end of a reboot for the news that it went wrong, in milliseconds. */
  rebootDelayMs: number;
}

/** Silence, in milliseconds, after which an idle server has forgotten an action: its compute service was restarted. */
const QUIET_MS = 30_000;

/** The same where Nova shows nothing while it works: the action may wait in the queue of a busy compute service. */
const LONG_QUIET_MS = 600_000;

/** Between the steps of an action that is not known here, in milliseconds. */
const STEP_MS = 5000;

/**
 * How an action has ended, by its events; by the server's state when those have been silent for long
 * (nova/db/main/api.py, `action_event_finish`: of two events of one name one may never finish).
 */
export function actionVerdict(evidence: ActionEvidence): Verdict {
  const { task, action, server } = evidence;
  const rule = ruleOf(task);
  const ended = rule === null ? byAllEvents(evidence) : byFinalEvents(evidence, rule);
  if (ended !== null) return ended;
  if (isDoneWhenAccepted(task)) return SUCCESS;
  if (server === null) return failure(`The server was deleted before the action "${task}" ended.`);
  if (server.taskState !== null || server.status === 'UNKNOWN') return BUSY;
  const quiet = rule?.quietMs ?? (rule?.showsTaskState === false ? LONG_QUIET_MS : QUIET_MS);
  if (evidence.now - lastSign(evidence.startTime, action) < quiet) return BUSY;
  if (rule?.endsIn?.includes(server.vmState ?? '')) return SUCCESS;
  return failed(
    evidence,
    action === null
      ? `The compute service knows nothing of the action "${task}", and the server is ${server.status}.`
      : `The action "${task}" was given up by the compute service; the server is ${server.status}.`,
  );
}

function byFinalEvents(evidence: ActionEvidence, rule: ActionRule): Verdict | null {
  const { action, server, now, rebootDelayMs, task } = evidence;
  const events = action?.events ?? [];
  const finals = events.filter(({ event }) => rule.finalEvents.includes(event));
  const success = finals.find(({ result }) => result === 'Success');
  if (success !== undefined) {
    const age = now - (success.finishTime ?? now);
    if (task === 'reboot' && rebootDelayMs > 0 && age < rebootDelayMs) return BUSY;
    const isIdle = server === null || server.taskState === null;
    // Another action may be under way already.
    return isIdle || !rule.whenIdle || age > QUIET_MS ? SUCCESS : BUSY;
  }
  // Newest first: an older attempt that failed says nothing while there is a newer one.
  if (finals[0]?.result === 'Error') return failed(evidence);
  const wentWrong = events.some(({ result }) => result === 'Error') || action?.message === 'Error';
  // A step that failed may be tried on another host, as long as the server is not let go.
  return wentWrong && (server === null || server.taskState === null) ? failed(evidence) : null;
}

/** An action of a newer Nova: every step that it has begun has ended, and no other one begins. */
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
