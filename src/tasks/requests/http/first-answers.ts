import { type ExecutionContext, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { requestOf, responseOf } from '../../../http/http-context.js';
import { REPLAYED, sendAgain } from '../../answers/send-again.js';
import { TaskAnswers } from '../../answers/task-answers.js';
import { TaskRecorder } from '../../recording/task.recorder.js';
import type { Task } from '../../task.entity.js';
import { setDuplicate } from '../duplicate.js';
import type { TrackedOptions } from '../tracked.options.js';
import { AnswerHead } from './answer-head.js';

/** Gives a request the answer of an earlier one. */
@Injectable()
export class FirstAnswers {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly head: AnswerHead,
    private readonly recorder: TaskRecorder,
    private readonly answers: TaskAnswers,
  ) {}

  /** Sends the stored answer. @returns false when none is stored, or can be read: then the refusal is still correct */
  async replay(context: ExecutionContext, first: Task): Promise<boolean> {
    const answer = await this.answers.find(first.uuid).catch(() => null);
    if (answer === null) return false;
    this.begin(context, first);
    sendAgain(this.adapterHost.httpAdapter, responseOf(context), answer);
    return true;
  }

  /**
   * The answer as the handler's option makes it again from the task; Nest then sends it.
   *
   * @returns `null` when it cannot be made
   * @throws whatever the option throws for a user who may not have it
   */
  async again(
    context: ExecutionContext,
    tracked: TrackedOptions<unknown>,
    first: Task,
  ): Promise<{ value: unknown } | null> {
    const value = await tracked.answerAgain?.(first, requestOf<unknown>(context));
    if (value === undefined || value === null) return null;
    this.begin(context, first);
    this.head.set(context, REPLAYED, 'true');
    return { value };
  }

  private begin(context: ExecutionContext, first: Task): void {
    this.recorder.answered.next(first);
    setDuplicate(requestOf(context), 'answered');
    this.head.noStore(context);
    this.head.nameFirst(context, first);
  }
}
