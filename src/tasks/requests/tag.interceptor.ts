import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import type { ServerResponse } from 'node:http';
import { from, lastValueFrom, type Observable, of, tap } from 'rxjs';
import { finished } from 'node:stream/promises';
import { ApiError } from '../../errors/api-error.js';
import { holdAnswer } from '../answers/hold-answer.js';
import { noStore } from '../answers/no-store.js';
import { sendAgain } from '../answers/send-again.js';
import { TaskAnswers } from '../answers/task-answers.js';
import { handlerKind } from './handler-kind.js';
import { RequestsInFlight } from './requests-in-flight.js';
import { RunningHandlers } from './running-handlers.js';
import { DuplicateRequestError } from '../task.errors.js';
import { nodeResponse } from '../../http/node-http.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { TRACKED, type TrackedOptions } from './tracked.options.js';
import { RequestInFlight } from './request-in-flight.js';
import { RequestGate } from './request-gate.js';
import { TaskRecorder } from '../recording/task.recorder.js';

/** These change nothing; SDKs set extra headers for a whole session. */
const SAFE = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Records a request before its handler runs, refuses it when it is accepted already, and records what became of it
 * before the answer goes out. The client may be gone by then: nothing here depends on it.
 */
@Injectable()
export class TagInterceptor implements NestInterceptor {
  /** @internal */
  constructor(
    protected readonly reflector: Reflector,
    private readonly adapterHost: HttpAdapterHost,
    private readonly gate: RequestGate,
    private readonly recorder: TaskRecorder,
    private readonly answers: TaskAnswers,
    private readonly open: RequestsInFlight,
    private readonly handlers: RunningHandlers,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler<unknown>): Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return this.passOtherKind(context, next);
    const request = context.switchToHttp().getRequest<{ method: string }>();
    const tracked = this.reflector.getAllAndOverride<TrackedOptions<unknown> | undefined>(TRACKED, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (tracked === undefined || SAFE.includes(request.method)) return next.handle();
    const response = nodeResponse(context.switchToHttp().getResponse<object>());
    const usualStatus = response.statusCode;
    try {
      this.open.untilSent(response);
      const task = await this.open.untilSettled(null, this.gate.record(context, tracked));
      if (task === null) return from(this.open.untilSettled(null, valueOf(next)));
      const one = new RequestInFlight(this.recorder, this.answers, this.options, {
        task,
        tracked,
        request,
        usualStatus,
      });
      // Who stands before may have given up while the request was recorded, and has answered by himself.
      if (response.headersSent || response.statusCode !== usualStatus) one.leave();
      return this.carryOut(one, context, next);
    } catch (error) {
      noStore(this.adapterHost.httpAdapter, context.switchToHttp().getResponse<object>());
      if (tracked.duplicates === 'replay' && error instanceof DuplicateRequestError) {
        if (await this.replay(context, error)) return of(undefined);
      }
      throw this.options.exception(error);
    }
  }

  /** A class may have handlers of other kinds beside those of HTTP; on one of them itself it is a mistake. */
  private passOtherKind(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    if (this.reflector.get<unknown>(TRACKED, context.getHandler()) === undefined) return next.handle();
    throw new Error('@Tracked() is for handlers of HTTP requests alone.');
  }

  private carryOut(one: RequestInFlight, context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const response = nodeResponse(context.switchToHttp().getResponse<object>());
    const kind = handlerKind(context);
    if (kind === 'events') return this.follow(one, next.handle());
    const isByStatus = kind === 'sends' && !one.hasOutcome;
    if (isByStatus || one.isReplayed) {
      holdAnswer(response, async (answer) => {
        if (isByStatus) await this.open.untilSettled(one.task, one.answered(response.statusCode));
        await one.recordAnswer(answer);
      });
    }
    const carriedOut = this.open.untilSettled(one.task, this.handle(one, isByStatus, response, next));
    // Who does not wait any more answers the client by himself.
    return from(carriedOut).pipe(tap({ unsubscribe: () => one.leave() }));
  }

  /** Events are under way until the last one has been sent, they break off, or the client leaves. */
  private follow(one: RequestInFlight, events: Observable<unknown>): Observable<unknown> {
    let end: (settled: Promise<unknown>) => void = () => undefined;
    return events.pipe(
      tap({
        subscribe: () => void this.open.untilSettled(one.task, new Promise((resolve) => (end = resolve))),
        complete: () => end(one.settle({ state: 'success' })),
        error: (error: unknown) => end(one.failed(error)),
        unsubscribe: () => end(one.settle({ state: 'unknown' })),
      }),
    );
  }

  private async handle(
    one: RequestInFlight,
    isByStatus: boolean,
    response: ServerResponse,
    next: CallHandler<unknown>,
  ): Promise<unknown> {
    let value: unknown;
    this.handlers.add(one);
    try {
      value = await valueOf(next);
    } catch (error) {
      await one.failed(error);
      // Once the answer has passed all who stand before, their transaction has ended.
      if (one.isUndecided && !response.headersSent) holdAnswer(response, () => one.failed(error));
      // An error of this module's that a handler lets pass.
      throw error instanceof ApiError ? this.options.exception(error) : error;
    } finally {
      this.handlers.remove(one);
    }
    if (!isByStatus) {
      const isAnswered = one.isLeft || response.headersSent || response.writableEnded;
      await one.returned(value, isAnswered ? one.usualStatus : response.statusCode);
    } else {
      // A handler that sends its answer itself may return before it has; and send it when the client has gone.
      await finished(response).catch(() => undefined);
      await one.closed();
    }
    return value;
  }

  private async replay(context: ExecutionContext, { task }: DuplicateRequestError): Promise<boolean> {
    // When it cannot be read, the refusal is as true.
    const answer = await this.answers.find(task.uuid).catch(() => null);
    if (answer === null) return false;
    sendAgain(this.adapterHost.httpAdapter, context.switchToHttp().getResponse<object>(), answer);
    return true;
  }
}

/** What a handler gives. Waited for here, so that it goes on when its client has gone. */
function valueOf(next: CallHandler<unknown>): Promise<unknown> {
  return lastValueFrom(next.handle(), { defaultValue: undefined });
}
