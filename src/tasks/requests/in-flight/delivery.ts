import type { Task } from '../../task.entity.js';
import { AnswerWithheldError } from '../../task.errors.js';
import { isOver, onceOver } from '../../../http/once-over.js';
import { canBeLost, type LostAnswers } from '../../lost-answers/lost-answers.js';
import type { TasksOptions } from '../../tasks.options.js';
import type { RequestInFlight } from './request-in-flight.js';

/**
 * Watches whether the answer to a request without a tag reaches its client. It is lost when the connection is closed
 * before the answer was handed over; and when the answer was only that the outcome is not known.
 */
export function watchDelivery(request: RequestInFlight, lost: LostAnswers): void {
  const { task, response } = request;
  if (!canBeLost(task)) return;
  const closed = () => {
    const state = request.outcome?.state;
    const isLost = !response.writableFinished || request.isWithheld || state === 'unknown';
    if (isLost && state !== 'rejected') void lost.lose(task);
  };
  onceOver(response, closed);
}

/**
 * Lets the answer to such a request go out only if no other request gets it: a process that stood still may have been
 * taken for dead, and its answers for lost.
 *
 * @throws AnswerWithheldError
 */
export async function assertDeliverable(request: RequestInFlight, lost: LostAnswers): Promise<void> {
  const { task, response } = request;
  if (isOver(response)) return;
  if (request.isRecorded && !(await mayBeGiven(task, request.services.options, lost))) return;
  request.isWithheld = true;
  throw new AnswerWithheldError(task);
}

/** Only a request that has taken long may be one whose process was taken for dead. */
async function mayBeGiven(
  { uuid, startTime }: Task,
  { now, pendingMs }: Pick<TasksOptions, 'now' | 'pendingMs'>,
  lost: LostAnswers,
): Promise<boolean> {
  if (now() < startTime + pendingMs / 2) return false;
  return lost.isGiven(uuid).catch(() => true);
}
