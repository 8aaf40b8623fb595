import { LONG_RPC_MS } from '../../../../compute/actions/url-actions.js';
import type { ObservedTask } from '../../../../compute/compute.service.js';
import type { Settings } from '../../../../config/settings.js';
import type { Fault } from '../../../../tasks/task.states.js';
import { sendWithinMs } from '../../send-limit.js';
import { type Look, lookLater, type Finding } from '../look.js';
import { type SearchedFor, whySearched } from '../why-open.js';

/** The same words as in the simulated cloud. */
export const NOT_ACCEPTED: Fault = {
  code: 408,
  message: 'The request was not accepted in time. It may be sent again.',
};

/** How far Nova's databases may lag behind its error answer, in milliseconds. */
const ANSWERED_MS = 30_000;

/** Nova's first version that attaches volumes without the API's own record (nova/conductor/manager.py). */
const ATTACHED_BY_CONDUCTOR = 101;

/** The facts about Nova, besides its data on the task. */
export interface DeadlineFacts {
  /** Since when it has answered, in epoch milliseconds; `null` while it does not. */
  answeringSince: number | null;
  /** The minor number of its highest microversion; `null` if unknown. */
  maxMicroversion: number | null;
  /** Whether its clock is known: if not, its records may lie outside the searched time. */
  isTimeKnown: boolean;
}

/**
 * When it is final that a request without a trace was not accepted, in epoch milliseconds. Nova's API records something
 * before it passes a request on, and answers after that: so the deadline is near once it has answered. If it has not
 * answered, it may still work on the request long after it was sent; and a frozen Nova may still hold the request, so
 * the time counts from when Nova answers again.
 *
 * @returns `Infinity` while Nova does not answer, or does not reveal its time
 */
export function deadlineOf(
  { task, startTime, lastUpdated, state, requestId }: DeadlineTask,
  { answeringSince, maxMicroversion, isTimeKnown }: DeadlineFacts,
  settings: Pick<Settings, 'NOVA_LONGEST_REQUEST_MS' | 'NOVA_TIMEOUT_MS'>,
): number {
  if (answeringSince === null || !isTimeKnown) return Infinity;
  // A task that is not accepted gets a request id only from Nova's own answer.
  if (state === 'unknown' && requestId !== null) return lastUpdated + ANSWERED_MS;
  const isLeftToOthers =
    task === 'attach_volume' && (maxMicroversion ?? ATTACHED_BY_CONDUCTOR) >= ATTACHED_BY_CONDUCTOR;
  const more = isLeftToOthers ? LONG_RPC_MS : 0;
  const sentBy = startTime + sendWithinMs(settings);
  return Math.max(sentBy, answeringSince) + settings.NOVA_LONGEST_REQUEST_MS + more;
}

type DeadlineTask = Pick<ObservedTask, 'task' | 'startTime' | 'lastUpdated' | 'state' | 'requestId'>;

/** Nothing is certain yet: look again, at the deadline at the latest. */
export function waitFor(deadline: number, task: ObservedTask, look: Look, searched: SearchedFor): Finding {
  const outcome = lookLater(task, look, whySearched(searched, task.startTime, deadline));
  if (outcome.state !== 'undetermined' && outcome.state !== 'processing') return outcome;
  const earliest = look.now + look.shortestMs;
  return { ...outcome, lookAgainAt: Math.min(outcome.lookAgainAt ?? Infinity, Math.max(deadline, earliest)) };
}
