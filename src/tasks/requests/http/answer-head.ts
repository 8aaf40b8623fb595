import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiError } from '../../../errors/api-error.js';
import { requestOf, responseOf } from '../../../http/http-context.js';
import { nodeResponse } from '../../../http/node-http.js';
import { isMissingTable, isOutOfReach } from '../../../storage/driver-errors.js';
import { sendHeadExactly } from '../../answers/exact-head.js';
import { noStore } from '../../answers/no-store.js';
import type { Tag } from '../../tag.js';
import type { Task } from '../../task.entity.js';
import { TASKS_OPTIONS, type TasksOptions } from '../../tasks.options.js';
import { setCurrentTask } from '../current-task.js';

/** The headers of answers to tracked requests. */
@Injectable()
export class AnswerHead {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  /** Echoes the tag of a request. */
  echo(context: ExecutionContext, tag: Tag | null): void {
    if (tag === null) return;
    sendHeadExactly(nodeResponse(responseOf(context)), tag);
    this.set(context, this.options.tagHeader.toLowerCase(), tag);
  }

  /**
   * Names, in an answer, the task of the request that came first.
   *
   * @param retryAfter when to ask again, in seconds
   */
  nameFirst(context: ExecutionContext, first: Task, retryAfter?: number): void {
    const request = requestOf(context);
    setCurrentTask(request, first);
    const url = this.options.taskUrl(request, first.uuid);
    if (url !== null) this.set(context, 'Link', `<${url}>; rel="related"`);
    this.retryAfter(context, retryAfter);
  }

  /** Says when to repeat a request that was not carried out. */
  retryAfter(context: ExecutionContext, seconds: number | undefined): void {
    if (seconds !== undefined) this.set(context, 'Retry-After', String(seconds));
  }

  /** Keeps an answer out of every cache. */
  noStore(context: ExecutionContext): void {
    noStore(this.adapterHost.httpAdapter, responseOf(context));
  }

  /** A stream of events may have begun already: Nest does not wait for interceptors with it. */
  set(context: ExecutionContext, name: string, value: string): void {
    const response = responseOf(context);
    const { httpAdapter } = this.adapterHost;
    if (!httpAdapter.isHeadersSent(response)) httpAdapter.setHeader(response, name, value);
  }
}

/** In how many seconds to repeat a request that was not carried out. */
export function retryAfterOf(error: unknown): number | undefined {
  if (error instanceof ApiError) return error.retryAfter;
  return isOutOfReach(error) || isMissingTable(error) ? 1 : undefined;
}
