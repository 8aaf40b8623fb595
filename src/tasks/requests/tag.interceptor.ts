import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  type OnModuleInit,
  Optional,
} from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import { from, type Observable, of } from 'rxjs';
import { requestOf, responseOf } from '../../http/http-context.js';
import { nodeResponse } from '../../http/node-http.js';
import { noStore } from '../answers/no-store.js';
import { TaskAnswers } from '../answers/task-answers.js';
import { LostAnswers } from '../lost-answers/lost-answers.js';
import { TaskRecorder } from '../recording/task.recorder.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { TrackedCalls } from './calls/tracked-calls.js';
import { HttpAdmission } from './http/http-admission.js';
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
export class TagInterceptor implements NestInterceptor, OnModuleInit {
  private readonly services: InFlightServices;

  /**
   * Its services are optional only for Nest: so a test can make a tracked controller, and call its handlers, without
   * `TasksModule`. An application cannot start without it.
   *
   * @internal
   */
  constructor(
    protected readonly reflector: Reflector,
    private readonly adapterHost: HttpAdapterHost,
    @Optional() private readonly admission: HttpAdmission,
    @Optional() private readonly inFlight: RequestsInFlight,
    @Optional() private readonly calls: TrackedCalls,
    @Optional() answers: TaskAnswers,
    @Optional() @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
    @Optional() recorder: TaskRecorder,
    @Optional() transactions: HandlerTransactions,
    @Optional() lostAnswers: LostAnswers,
  ) {
    this.services = { recorder, answers, lostAnswers, inFlight, transactions, options };
  }

  /** @throws Error when the application does not import `TasksModule` */
  onModuleInit(): void {
    if ((this.admission as unknown) === undefined) throw new Error(NO_MODULE);
  }

  async intercept(context: ExecutionContext, next: CallHandler<unknown>): Promise<Observable<unknown>> {
    const tracked = this.reflector.getAllAndOverride<TrackedOptions<unknown> | undefined>(TRACKED, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (tracked === undefined) return next.handle();
    if (context.getType() !== 'http') return this.calls.intercept(context, next, tracked);
    const { method } = requestOf<{ method: string }>(context);
    if (SAFE.includes(method)) return next.handle();
    try {
      const response = nodeResponse(responseOf(context));
      const usualStatus = response.statusCode;
      this.inFlight.untilSent(response);
      const admitted = await this.inFlight.untilSettled(null, this.admission.admit(context, tracked));
      switch (admitted.is) {
        case 'recorded': {
          const request = requestOf<unknown>(context);
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

  private noStore(context: ExecutionContext): void {
    noStore(this.adapterHost.httpAdapter, responseOf(context));
  }
}

const NO_MODULE =
  'There are handlers with @Tracked(), but nothing records their requests. Import TasksModule.forRoot(…) in the ' +
  'application, or, in a test, TasksTestingModule.forRoot() of tasktag/testing.';

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
