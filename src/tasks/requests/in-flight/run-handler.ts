import type { CallHandler } from '@nestjs/common';
import { lastValueFrom, Observable } from 'rxjs';
import { ApiError } from '../../../errors/api-error.js';
import { holdAnswer } from '../../answers/hold-answer.js';
import type { RequestInFlight } from './request-in-flight.js';
import type { WorkInFlight } from './work-in-flight.js';

/** Runs the handler of a recorded request. */
export function runHandler(request: RequestInFlight, next: CallHandler<unknown>): Promise<unknown> {
  return runWork(request, () => valueOf(next)).catch((error: unknown) => {
    // Once the answer has passed all outer interceptors, their transaction has ended.
    if (request.isInOpenTransaction && !request.response.headersSent) {
      holdAnswer(request.response, () => request.failed(error));
    }
    // The handler may let an error of this module pass.
    throw error instanceof ApiError ? request.services.options.exception(error) : error;
  });
}

/** Does recorded work. If it throws, the outcome is recorded before any other code sees the error. */
export async function runWork<Value>(work: WorkInFlight, run: () => Promise<Value>): Promise<Value> {
  const { transactions } = work.services;
  work.begin();
  try {
    return await run();
  } catch (error) {
    await work.failed(error);
    throw error;
  } finally {
    transactions.end(work);
  }
}

/** The value of a handler. It is awaited here, so that the handler goes on when its client has gone. */
export function valueOf(next: CallHandler<unknown>): Promise<unknown> {
  return lastValueFrom(next.handle(), { defaultValue: undefined });
}

/** The work on a request, for outer interceptors. They may stop waiting, and answer the client themselves. */
export function awaited(request: RequestInFlight, work: Promise<unknown>): Observable<unknown> {
  const settled = request.untilSettled(work);
  // As `from(settled).pipe(tap({ unsubscribe }))`, with a third of its objects.
  return new Observable((subscriber) => {
    let isOver = false;
    settled.then(
      (value) => {
        isOver = true;
        subscriber.next(value);
        subscriber.complete();
      },
      (error: unknown) => {
        isOver = true;
        subscriber.error(error);
      },
    );
    return () => {
      if (!isOver) request.giveUp();
    };
  });
}
