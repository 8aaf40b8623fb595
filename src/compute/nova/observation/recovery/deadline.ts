import type { Settings } from '../../../../config/settings.js';
import type { Fault } from '../../../../tasks/task.states.js';
import type { ObservedTask } from '../../../compute.service.js';
import { sendWithinMs } from '../../send-limit.js';
import { type Look, lookLater, type Outcome } from '../look.js';

/** The same words as the simulated cloud's. */
export const NOT_ACCEPTED: Fault = {
  code: 408,
  message: 'The request was not accepted in time. It may be sent again.',
};

/**
 * When it is final that a request which left nothing behind was not accepted, in epoch milliseconds: so long after it
 * was sent at the latest. A Nova that was frozen may still hold it: so the time counts from when Nova answers again.
 *
 * @param answeringSince `null` while Nova does not answer: never
 */
export function deadlineOf(
  { startTime }: Pick<ObservedTask, 'startTime'>,
  answeringSince: number | null,
  settings: Pick<Settings, 'NOVA_LONGEST_REQUEST_MS' | 'NOVA_TIMEOUT_MS'>,
): number {
  if (answeringSince === null) return Infinity;
  return Math.max(startTime + sendWithinMs(settings), answeringSince) + settings.NOVA_LONGEST_REQUEST_MS;
}

/** Nothing is sure yet: look again, at the deadline at the latest. */
export function waitFor(deadline: number, task: ObservedTask, look: Look): Outcome {
  const outcome = lookLater(task, look);
  if (outcome.state !== 'undetermined' && outcome.state !== 'processing') return outcome;
  const earliest = look.now + look.shortestMs;
  return { ...outcome, lookAgainAt: Math.min(outcome.lookAgainAt, Math.max(deadline, earliest)) };
}
