import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { requestOf } from '../../../http/http-context.js';
import { type FingerprintInput, requestKey } from '../../fingerprint/fingerprint.js';
import type { NewTask } from '../../recording/new-task.js';
import { MissingTagError } from '../../tag.errors.js';
import { taskName } from '../../task-name.js';
import { UnreadBodyError } from '../../task.errors.js';
import { TASKS_OPTIONS, type TasksOptions } from '../../tasks.options.js';
import type { TrackedOptions } from '../tracked.options.js';
import { namedParameters } from './named-parameters.js';
import { type RequestBody, requestBody } from './request-body.js';
import { requestTag, type RequestTag, tagOfText } from './request-tag.js';
import { requesterOf } from './requester.js';
import { routedHost } from './routed-host.js';

/** A tracked request, as it is to be recorded. */
export interface ReadRequest {
  tag: RequestTag | null;
  newTask: NewTask;
}

/** Reads what is recorded of tracked requests. */
@Injectable()
export class RequestReader {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  /** @throws ApiError for a tag or a body that cannot be taken, and whatever an option of the host throws */
  async read(context: ExecutionContext, tracked: TrackedOptions<unknown>): Promise<ReadRequest> {
    const request = requestOf<{ method: string }>(context);
    const tag = tracked.tag === undefined ? requestTag(request, this.options) : this.ownTag(tracked, request);
    const resource = tracked.resource?.(request) ?? null;
    const asked = requesterOf({ requester: tracked.requester ?? this.options.requester }, request);
    // What is there already is not awaited: every request passes here.
    const { projectId, userId } = asked instanceof Promise ? await asked : asked;
    const { requestId, globalRequestId } = this.options.requestIds(request);
    const isCompared = tag !== null && tag.means !== 'label';
    const described = isCompared ? this.description(context, tracked) : null;
    const newTask: NewTask = {
      projectId,
      userId,
      requestId,
      globalRequestId,
      tag: tag?.tag ?? null,
      tagMeans: tag?.means ?? 'tag',
      description: described instanceof Promise ? await described : described,
      task: taskName(tracked, request),
      resource,
      sameTransaction: tracked.sameTransaction,
    };
    if (tag === null && this.options.lostAnswersMs !== null && tracked.answerAgain !== undefined) {
      const description = await this.descriptionIfAny(context, tracked);
      if (description !== null) newTask.requestKey = requestKey(projectId, userId, description);
    }
    return { tag, newTask };
  }

  /** The tag of a handler that says itself where it is. */
  private ownTag(tracked: TrackedOptions<unknown>, request: unknown): RequestTag | null {
    const text = tracked.tag?.(request) ?? null;
    if (text !== null) return tagOfText(text);
    if (this.options.tagRequired) throw new MissingTagError(this.options.tagHeader);
    return null;
  }

  /** A body that cannot be compared is no reason to refuse a request without a tag. */
  private async descriptionIfAny(
    context: ExecutionContext,
    tracked: TrackedOptions<unknown>,
  ): Promise<FingerprintInput | null> {
    try {
      return await this.description(context, tracked);
    } catch (error) {
      if (error instanceof UnreadBodyError) return null;
      throw error;
    }
  }

  /** The host's parameters may come later, and so may a body's first bytes. */
  private description(
    context: ExecutionContext,
    tracked: TrackedOptions<unknown>,
  ): FingerprintInput | Promise<FingerprintInput> {
    const request = requestOf<{ method: string }>(context);
    const { httpAdapter } = this.adapterHost;
    const { method } = request;
    const url = this.options.requestUrl(httpAdapter.getRequestUrl(request) as string, request);
    const host = routedHost(httpAdapter, context);
    const whole = ({ mediaType, body }: RequestBody): FingerprintInput =>
      host === undefined ? { method, url, mediaType, body } : { method, url, host, mediaType, body };
    const parameters = tracked.parameters ?? this.options.parameters;
    const body =
      parameters === null ? requestBody(request, this.options.jsonTypes) : namedBody(parameters, request);
    return body instanceof Promise ? body.then(whole) : whole(body);
  }
}

async function namedBody(parameters: (request: unknown) => unknown, request: unknown): Promise<RequestBody> {
  return namedParameters(await parameters(request));
}
