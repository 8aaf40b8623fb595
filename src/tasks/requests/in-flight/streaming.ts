import type { CallHandler } from '@nestjs/common';
import { type Observable, tap } from 'rxjs';
import type { RequestInFlight } from './request-in-flight.js';

/**
 * Carries out a request whose handler returns events. It is under way until the last event has been sent, the events
 * break off, or the client leaves.
 */
export function streaming(request: RequestInFlight, next: CallHandler<unknown>): Observable<unknown> {
  let end: (settled: Promise<unknown>) => void = () => undefined;
  return next.handle().pipe(
    tap({
      subscribe: () => void request.untilSettled(new Promise((resolve) => (end = resolve))),
      complete: () => end(request.settle({ state: 'success' })),
      error: (error: unknown) => end(request.failed(error)),
      unsubscribe: () => end(request.settle({ state: 'unknown' })),
    }),
  );
}
