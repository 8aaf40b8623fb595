import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import { from, type Observable, of } from 'rxjs';
import { nodeResponse } from '../../http/node-http.js';
import { noStore } from '../answers/no-store.js';
import { TaskAnswers } from '../answers/task-answers.js';
import { LostAnswers } from '../lost-answers/lost-answers.js';
import { TaskRecorder } from '../recording/task.recorder.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { Admission } from './admission.js';
import { handlerKind } from './handler-kind.js';
import { HandlerTransactions } from './in-flight/handler-transactions.js';
import { type InFlightServices, RequestInFlight } from './in-flight/request-in-flight.js';
import { RequestsInFlight } from './in-flight/requests-in-flight.js';
import { returning } from './in-flight/returning.js';
import { valueOf } from './in-flight/run-handler.js';
import { sending } from './in-flight/sending.js';
import { streaming } from './in-flight/streaming.js';
import { TRACKED, type TrackedOptions } from './tracked.options.js';

/** These methods change nothing, but SDKs set extra headers for a whole session. */
const SAFE = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Records a request before its handler runs, refuses it if it is already accepted, and records its outcome before the
 * answer goes out. The client may be gone by then: nothing here depends on it.
 */
@Injectable()
export class TagInterceptor implements NestInterceptor {
  private readonly services: InFlightServices;

  /** @internal */
  constructor(
    protected readonly reflector: Reflector,
    private readonly adapterHost: HttpAdapterHost,
    private readonly admission: Admission,
    private readonly inFlight: RequestsInFlight,
    answers: TaskAnswers,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
    recorder: TaskRecorder,
    transactions: HandlerTransactions,
    lostAnswers: LostAnswers,
  ) {
    this.services = { recorder, answers, lostAnswers, inFlight, transactions, options };
  }

  async intercept(context: ExecutionContext, next: CallHandler<unknown>): Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return this.passOtherKind(context, next);
    const { method } = context.switchToHttp().getRequest<{ method: string }>();
    const tracked = this.reflector.getAllAndOverride<TrackedOptions<unknown> | undefined>(TRACKED, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (tracked === undefined || SAFE.includes(method)) return next.handle();
    try {
      const response = nodeResponse(context.switchToHttp().getResponse<object>());
      const usualStatus = response.statusCode;
      this.inFlight.untilSent(response);
      const admitted = await this.inFlight.untilSettled(null, this.admission.admit(context, tracked));
      switch (admitted.is) {
        case 'recorded': {
          const request = context.switchToHttp().getRequest<unknown>();
          const recorded = { task: admitted.task, tracked, request, response, usualStatus };
          return carryOut(context, tracked)(new RequestInFlight(this.services, recorded), next);
        }
        case 'unrecorded':
          return from(this.inFlight.untilSettled(null, valueOf(next)));
        case 'answered':
          return of(admitted.value);
        case 'sent':
          return of(undefined);
      }
    } catch (error) {
      this.noStore(context);
      throw this.options.exception(error);
    }
  }

  /** A class may have other handlers besides those of HTTP, but the decorator on such a handler itself is a mistake. */
  private passOtherKind(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    if (this.reflector.get<unknown>(TRACKED, context.getHandler()) === undefined) return next.handle();
    throw new Error('@Tracked() is for handlers of HTTP requests only.');
  }

  private noStore(context: ExecutionContext): void {
    noStore(this.adapterHost.httpAdapter, context.switchToHttp().getResponse<object>());
  }
}

/** How a request is carried out, depending on how its handler answers. */
function carryOut(context: ExecutionContext, { outcome }: TrackedOptions<unknown>) {
  switch (handlerKind(context)) {
    case 'events':
      return streaming;
    case 'sends':
      // If the host interprets the handler's value, the status does not count.
      return outcome === undefined ? sending : returning;
    case 'returns':
      return returning;
  }
}
