import { type ExecutionContext, Inject, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { v7 as uuidv7 } from 'uuid';
import { ApiError } from '../../errors/api-error.js';
import { messageOf } from '../../errors/message-of.js';
import { nodeResponse } from '../../http/node-http.js';
import { isMissingTable, isOutOfReach } from '../../storage/driver-errors.js';
import { within } from '../../storage/within.js';
import { sendHeadExactly } from '../answers/exact-head.js';
import type { FingerprintInput } from '../fingerprint/fingerprint.js';
import type { NewTask } from '../recording/new-task.js';
import { RecorderBusyError } from '../recording/recorder-busy.error.js';
import { TaskRecorder } from '../recording/task.recorder.js';
import { WRITE_LIMIT_MS } from '../recording/write-limit.js';
import type { Tag } from '../tag.js';
import { taskName } from '../task-name.js';
import type { Task } from '../task.entity.js';
import { DuplicateRequestError, TagInUseError } from '../task.errors.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { setCurrentTask } from './current-task.js';
import { namedParameters } from './reading/named-parameters.js';
import { requestBody } from './reading/request-body.js';
import { requestTag } from './reading/request-tag.js';
import { requesterOf } from './reading/requester.js';
import { routedHost } from './reading/routed-host.js';
import type { TrackedOptions } from './tracked.options.js';

/** Records tracked requests before they are carried out, and refuses those that are already accepted. */
@Injectable()
export class RequestGate {
  private readonly logger = new Logger(RequestGate.name);

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly recorder: TaskRecorder,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  /**
   * Records a request, and echoes its tag once it has taken effect.
   *
   * @returns `null` for a request that goes on without a record, as `unrecorded` allows
   * @throws DuplicateRequestError and any other error of `TaskRecorder.record`; nothing may be carried out then
   */
  async record(context: ExecutionContext, tracked: TrackedOptions<unknown>): Promise<Task | null> {
    const request = context.switchToHttp().getRequest<{ method: string }>();
    const tag = requestTag(request, this.options);
    const newTask = await this.newTask(context, tag, tracked);
    try {
      const task = await within(WRITE_LIMIT_MS, this.recorder.record(newTask));
      setCurrentTask(request, task);
      this.echo(context, tag);
      return task;
    } catch (error) {
      if (tag === null && this.options.unrecorded === 'pass' && isNotRecorded(error)) {
        this.logger.warn(`A request without a tag goes on unrecorded: ${messageOf(error)}`);
        this.recorder.unrecorded.next();
        return null;
      }
      this.refuse(context, newTask, error);
      throw error;
    }
  }

  private async newTask(
    context: ExecutionContext,
    tag: Tag | null,
    tracked: TrackedOptions<unknown>,
  ): Promise<NewTask & { uuid: string }> {
    const request = context.switchToHttp().getRequest<{ method: string }>();
    const resource = tracked.resource?.(request) ?? null;
    const { projectId, userId } = await requesterOf(this.options, request);
    const { requestId, globalRequestId } = this.options.requestIds(request);
    const description = tag === null ? null : await this.description(context, tracked);
    return {
      uuid: uuidv7(),
      projectId,
      userId,
      requestId,
      globalRequestId,
      tag,
      description,
      task: taskName(tracked, request),
      resource,
      sameTransaction: tracked.sameTransaction,
    };
  }

  /** It is asynchronous, since the host's parameters may come later, and so may a body's first bytes. */
  private async description(
    context: ExecutionContext,
    tracked: TrackedOptions<unknown>,
  ): Promise<FingerprintInput> {
    const request = context.switchToHttp().getRequest<{ method: string }>();
    const { httpAdapter } = this.adapterHost;
    const url = httpAdapter.getRequestUrl(request) as string;
    const host = routedHost(httpAdapter, context);
    const parameters = tracked.parameters ?? this.options.parameters;
    const { mediaType, body } =
      parameters === null
        ? await requestBody(request, this.options.jsonTypes)
        : namedParameters(await parameters(request));
    const place = { method: request.method, url: this.options.requestUrl(url, request) };
    return { ...place, ...(host !== undefined && { host }), mediaType, body };
  }

  /** Sets the headers of the answer to a request that is not carried out. */
  private refuse(context: ExecutionContext, { uuid, tag }: NewTask & { uuid: string }, error: unknown): void {
    if (error instanceof DuplicateRequestError || error instanceof TagInUseError) this.echo(context, tag);
    if (!(error instanceof ApiError)) this.recorder.withdraw(uuid);
    const retryAfter = retryAfterOf(error);
    if (retryAfter !== undefined) this.setHeader(context, 'Retry-After', String(retryAfter));
  }

  /**
   * Names, in an answer, the task of the request that came first.
   *
   * @param retryAfter when to ask again, in seconds
   */
  nameFirst(context: ExecutionContext, first: Task, retryAfter?: number): void {
    const request = context.switchToHttp().getRequest<object>();
    setCurrentTask(request, first);
    const url = this.options.taskUrl(request, first.uuid);
    if (url !== null) this.setHeader(context, 'Link', `<${url}>; rel="related"`);
    if (retryAfter !== undefined) this.setHeader(context, 'Retry-After', String(retryAfter));
  }

  private echo(context: ExecutionContext, tag: Tag | null): void {
    if (tag === null) return;
    sendHeadExactly(nodeResponse(context.switchToHttp().getResponse<object>()), tag);
    this.setHeader(context, this.options.tagHeader.toLowerCase(), tag);
  }

  /** A stream of events may have begun already: Nest does not wait for interceptors with it. */
  private setHeader(context: ExecutionContext, name: string, value: string): void {
    const response = context.switchToHttp().getResponse<object>();
    const { httpAdapter } = this.adapterHost;
    if (!httpAdapter.isHeadersSent(response)) httpAdapter.setHeader(response, name, value);
  }
}

/** Whether the record is missing because the database is down, not through the request's or the host's fault. */
function isNotRecorded(error: unknown): boolean {
  return isOutOfReach(error) || error instanceof RecorderBusyError;
}

/** In how many seconds to repeat a request that was not carried out. */
export function retryAfterOf(error: unknown): number | undefined {
  if (error instanceof ApiError) return error.retryAfter;
  return isOutOfReach(error) || isMissingTable(error) ? 1 : undefined;
}
