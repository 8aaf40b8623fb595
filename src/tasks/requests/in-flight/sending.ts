import type { CallHandler } from '@nestjs/common';
import { finished } from 'node:stream/promises';
import type { Observable } from 'rxjs';
import { holdAnswer } from '../../answers/hold-answer.js';
import type { RequestInFlight } from './request-in-flight.js';
import { awaited, runHandler } from './run-handler.js';

/**
 * Carries out a request whose handler sends its answer itself. The answer is held back at its end until the outcome, by
 * its status, is recorded.
 */
export function sending(request: RequestInFlight, next: CallHandler<unknown>): Observable<unknown> {
  holdAnswer(request.response, async (answer) => {
    await request.untilSettled(request.answered());
    await request.keepAnswer(answer);
  });
  return awaited(request, carryOut(request, next));
}

async function carryOut(request: RequestInFlight, next: CallHandler<unknown>): Promise<unknown> {
  const value = await runHandler(request, next);
  // The handler may return before it has sent, and may send after the client has gone.
  await finished(request.response).catch(() => undefined);
  await request.closed();
  return value;
}
