import type { ExecutionContext } from '@nestjs/common';
import { requestOf, responseOf } from '../../../http/http-context.js';
import { nodeResponse } from '../../../http/node-http.js';
import type { NewTask } from '../../recording/new-task.js';
import type { Task } from '../../task.entity.js';
import { isRefusal, type Refusal } from '../../task.errors.js';
import type { Answered, Caller } from '../caller.js';
import { setCurrentTask } from '../current-task.js';
import { setDuplicate } from '../duplicate.js';
import type { TrackedOptions } from '../tracked.options.js';
import { type AnswerHead, retryAfterOf } from './answer-head.js';
import type { FirstAnswers } from './first-answers.js';
import { untilClosed } from './until-closed.js';

/** A request of HTTP: its answer has a head, and its client may go. */
export class HttpCaller implements Caller {
  readonly request: object;
  readonly mayPass = true;

  constructor(
    private readonly context: ExecutionContext,
    private readonly head: AnswerHead,
    private readonly answers: FirstAnswers,
  ) {
    this.request = requestOf(context);
  }

  recorded(task: Task): void {
    setCurrentTask(this.request, task);
    this.head.echo(this.context, task.tag);
  }

  notRecorded({ tag }: NewTask, error: unknown): void {
    if (isRefusal(error)) this.head.echo(this.context, tag);
    this.head.retryAfter(this.context, retryAfterOf(error));
  }

  refused({ task, retryAfter }: Refusal): void {
    setDuplicate(this.request, 'refused');
    this.head.nameFirst(this.context, task, retryAfter);
  }

  async replay(first: Task): Promise<Answered | null> {
    return (await this.answers.replay(this.context, first)) ? { is: 'sent' } : null;
  }

  async again(first: Task, tracked: TrackedOptions<unknown>): Promise<Answered | null> {
    const answer = await this.answers.again(this.context, tracked, first);
    return answer && { is: 'answered', ...answer };
  }

  untilGone(): AbortSignal {
    return untilClosed(nodeResponse(responseOf(this.context)));
  }
}
