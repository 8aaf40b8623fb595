import type { CallHandler } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { holdAnswer } from '../../answers/hold-answer.js';
import { canBeLost } from '../../lost-answers/lost-answers.js';
import type { RequestInFlight } from './request-in-flight.js';
import { assertDeliverable, watchDelivery } from './delivery.js';
import { awaited, runHandler } from './run-handler.js';

/**
 * Carries out a request whose handler returns its answer, or has the option `outcome`. The outcome is recorded before
 * the answer goes out.
 */
export function returning(request: RequestInFlight, next: CallHandler<unknown>): Observable<unknown> {
  watchDelivery(request, request.services.lostAnswers);
  if (request.isReplayed) holdAnswer(request.response, (answer) => request.keepAnswer(answer));
  return awaited(request, carryOut(request, next));
}

async function carryOut(request: RequestInFlight, next: CallHandler<unknown>): Promise<unknown> {
  const value = await runHandler(request, next);
  await request.returned(value);
  if (canBeLost(request.task)) await assertDeliverable(request, request.services.lostAnswers);
  return value;
}
