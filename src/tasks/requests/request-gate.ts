import { type ExecutionContext, Inject, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { v7 as uuidv7 } from 'uuid';
import { ApiError } from '../../errors/api-error.js';
import { messageOf } from '../../errors/message-of.js';
import { nodeResponse } from '../../http/node-http.js';
import { isMissingTable, isOutOfReach } from '../../storage/driver-errors.js';
import { within } from '../../storage/within.js';
import { sendHeadExactly } from '../answers/exact-head.js';
import type { NewTask } from '../recording/new-task.js';
import { RecorderBusyError } from '../recording/recorder-busy.error.js';
import { TaskRecorder } from '../recording/task.recorder.js';
import { WRITE_LIMIT_MS } from '../recording/write-limit.js';
import type { Tag } from '../tag.js';
import type { Task } from '../task.entity.js';
import { DuplicateRequestError, isRefusal, TagInUseError } from '../task.errors.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { setCurrentTask } from './current-task.js';
import type { ReadRequest } from './reading/request-reader.js';
import type { RequestTag } from './reading/request-tag.js';

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
  async record(context: ExecutionContext, { tag, newTask: read }: ReadRequest): Promise<Task | null> {
    const newTask = { ...read, uuid: uuidv7() };
    try {
      const task = await this.recordUnder(tag, newTask);
      setCurrentTask(context.switchToHttp().getRequest<object>(), task);
      this.echo(context, newTask.tag);
      return task;
    } catch (error) {
      if (this.goesOnUnrecorded(newTask, error)) return null;
      this.refuse(context, newTask, error);
      throw error;
    }
  }

  /** Whether a request goes on without a record, as `unrecorded` allows while the database is down. */
  goesOnUnrecorded({ description }: NewTask, error: unknown): boolean {
    if (description !== null || this.options.unrecorded !== 'pass' || !isNotRecorded(error)) return false;
    this.logger.warn(`A request without a tag goes on unrecorded: ${messageOf(error)}`);
    this.recorder.unrecorded.next();
    return true;
  }

  /** Records it, also if its tag is a name that is free again; an error says where the tag comes from. */
  private async recordUnder(tag: RequestTag | null, newTask: NewTask): Promise<Task> {
    try {
      return await within(WRITE_LIMIT_MS, this.recorder.record(newTask));
    } catch (error) {
      if (tag === null || !isTaken(error)) throw error;
      if ((await tag.isFree?.(error.task)) !== true) throw withNote(error, tag.note);
      await this.recorder.freeName(error.task);
      return await within(WRITE_LIMIT_MS, this.recorder.record(newTask)).catch((again: unknown) => {
        throw isTaken(again) ? withNote(again, tag.note) : again;
      });
    }
  }

  /** Sets the headers of the answer to a request that is not carried out. */
  private refuse(context: ExecutionContext, { uuid, tag }: NewTask & { uuid: string }, error: unknown): void {
    if (isRefusal(error)) this.echo(context, tag);
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

/** Whether another request has the tag. */
function isTaken(error: unknown): error is DuplicateRequestError | TagInUseError {
  return error instanceof DuplicateRequestError || error instanceof TagInUseError;
}

function withNote(error: DuplicateRequestError | TagInUseError, note: string | undefined): ApiError {
  if (note === undefined) return error;
  return error instanceof DuplicateRequestError
    ? new DuplicateRequestError(error.task, note)
    : new TagInUseError(error.task, error.differing, note);
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
