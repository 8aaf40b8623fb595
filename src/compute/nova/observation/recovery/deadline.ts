import type { Fault } from '../../../../tasks/task.states.js';
import type { ObservedTask } from '../../../compute.service.js';
import { type Look, lookLater, type Outcome } from '../look.js';

/** The same words as the simulated cloud's. */
export const NOT_ACCEPTED: Fault = {
  code: 408,
  message: 'The request was not accepted in time. It may be sent again.',
};

/**
 * When it is final that a request which left nothing behind was not accepted, in epoch milliseconds. A Nova that was
 * frozen may still hold it: so the time counts from when Nova answers again.
 *
 * @param answeringSince `null` while Nova does not answer: never
 */
export function deadlineOf(
  { startTime }: ObservedTask,
  answeringSince: number | null,
  longestRequestMs: number,
): number {
  return answeringSince === null ? Infinity : Math.max(startTime, answeringSince) + longestRequestMs;
}

/** Nothing is sure yet: look again, at the deadline at the latest. */
export function waitFor(deadline: number, task: ObservedTask, look: Look): Outcome {
  const outcome = lookLater(task, look);
  if (outcome.state !== 'undetermined' && outcome.state !== 'processing') return outcome;
  const earliest = look.now + look.shortestMs;
  return { ...outcome, lookAgainAt: Math.min(outcome.lookAgainAt, Math.max(deadline, earliest)) };
}
