import {
  type CallHandler,
  type ExecutionContext,
  HttpException,
  Inject,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { within } from '../database/within.js';
import { ApiError } from '../errors/api-error.js';
import { setCurrentTask } from './current-task.js';
import { OpenRequests } from './open-requests.js';
import { DuplicateRequestError, TagInUseError } from './task.errors.js';
import { requestTag } from './request-tag.js';
import { requesterOf } from './requester.js';
import type { Task } from './task.entity.js';
import { TaskRecorder } from './task.recorder.js';
import type { Outcome } from './task.states.js';
import { nodeRequest, TASKS_OPTIONS, type TasksOptions } from './tasks.options.js';
import { TRACKED, type TrackedOptions } from './tracked.options.js';

/**
 * How long a write may take, in milliseconds. A database that hangs is down: the request is not carried out, and a row
 * that is written after all is found by tracking. An answer does not wait longer for its record either.
 */
const WRITE_LIMIT_MS = 10_000;

/** What the interceptor needs of a request, on every platform. */
interface TrackedRequest {
  method: string;
  /** The body as it came; where the host keeps none, the parsed body stands in for it. */
  rawBody?: Buffer;
  body?: unknown;
}

/**
 * Records a request before its handler runs, refuses it when it is accepted already, and records what became of it
 * before the answer goes out. The client may be gone by then: nothing here depends on it.
 */
@Injectable()
export class TagInterceptor implements NestInterceptor {
  private readonly logger = new Logger(TagInterceptor.name);

  constructor(
    private readonly reflector: Reflector,
    private readonly adapterHost: HttpAdapterHost,
    private readonly recorder: TaskRecorder,
    private readonly open: OpenRequests,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler<unknown>): Promise<Observable<unknown>> {
    const tracked = this.reflector.getAllAndOverride<TrackedOptions<unknown>>(TRACKED, [
      context.getHandler(),
      context.getClass(),
    ]);
    const task = await this.accept(context, tracked).catch((error: unknown) => {
      throw this.options.exception(error);
    });
    const request = context.switchToHttp().getRequest<TrackedRequest>();
    return from(this.open.untilSettled(this.carryOut(task, tracked, request, next)));
  }

  private async carryOut(
    task: Task | null,
    tracked: TrackedOptions<unknown>,
    request: TrackedRequest,
    next: CallHandler<unknown>,
  ): Promise<unknown> {
    let answer: unknown;
    let outcome: Outcome;
    try {
      answer = await lastValueFrom(next.handle(), { defaultValue: undefined });
      outcome = tracked.outcome?.(answer, request) ?? { state: 'success' };
    } catch (error) {
      await this.settle(task, outcomeOfError(error));
      throw error;
    }
    await this.settle(task, outcome);
    return answer;
  }

  /** @returns `null` for a request that goes on without a record, as `unrecorded` allows */
  private async accept(context: ExecutionContext, tracked: TrackedOptions<unknown>): Promise<Task | null> {
    const http = context.switchToHttp();
    const request = http.getRequest<TrackedRequest>();
    const { httpAdapter } = this.adapterHost;
    const tag = requestTag(request, this.options);
    const resource = tracked.resource?.(request) ?? null;
    const { projectId, userId } = requesterOf(this.options, request);
    const { requestId, globalRequestId } = this.options.requestIds(request);
    const newTask = {
      projectId,
      userId,
      requestId,
      globalRequestId,
      tag,
      describe: () => ({
        method: request.method,
        url: this.options.requestUrl(httpAdapter.getRequestUrl(request) as string),
        mediaType: mediaType(nodeRequest(request).headers['content-type']),
        body: bodyOf(request),
      }),
      task: tracked.task(request),
      resource,
      serverId: resource?.['server'] ?? null,
    };

    // Only when the tag has taken effect.
    const echo = () => {
      if (tag !== null) httpAdapter.setHeader(http.getResponse(), this.options.tagHeader.toLowerCase(), tag);
    };
    try {
      const task = await within(WRITE_LIMIT_MS, this.recorder.accept(newTask));
      setCurrentTask(request, task);
      echo();
      return task;
    } catch (error) {
      if (error instanceof DuplicateRequestError || error instanceof TagInUseError) {
        setCurrentTask(request, error.task);
        echo();
        const url = this.options.taskUrl(request, error.task.uuid);
        if (url !== null) httpAdapter.setHeader(http.getResponse(), 'Link', `<${url}>; rel="related"`);
      }
      if (error instanceof ApiError && error.retryAfter !== undefined) {
        httpAdapter.setHeader(http.getResponse(), 'Retry-After', String(error.retryAfter));
      }
      if (tag !== null || error instanceof ApiError || this.options.unrecorded === 'refuse') throw error;
      this.logger.warn(`A request without a tag goes on unrecorded: ${(error as Error).message}`);
      this.recorder.unrecorded.next();
      return null;
    }
  }

  /**
   * A failure to record the outcome must not change the answer: the request was carried out, and the task, still
   * open, is settled by tracking.
   */
  private async settle(task: Task | null, outcome: Outcome): Promise<void> {
    if (task === null) return;
    try {
      await within(WRITE_LIMIT_MS, this.recorder.settle(task.uuid, outcome, 'answer'));
    } catch (error) {
      this.logger.error(
        `Task ${task.uuid} stays open until tracking settles it: ${(error as Error).message}`,
      );
    }
  }
}

/**
 * A 4xx of the handler's own means that nothing was done. After any other error nobody knows: one of an HTTP client may
 * have come after something was done, and a handler that is given up (408) may go on.
 */
function outcomeOfError(error: unknown): Outcome {
  if (!(error instanceof HttpException || error instanceof ApiError)) return { state: 'unknown' };
  const status = error instanceof HttpException ? error.getStatus() : error.status;
  return status >= 400 && status < 500 && status !== 408
    ? { state: 'rejected', fault: { code: status, message: error.message } }
    : { state: 'unknown' };
}

function mediaType(contentType: string | undefined): string | null {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() || null;
}

function bodyOf({ rawBody, body }: TrackedRequest): Buffer {
  if (rawBody !== undefined) return rawBody;
  if (body === undefined || body === null) return Buffer.alloc(0);
  return Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
