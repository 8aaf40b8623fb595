import { type ExecutionContext, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { nodeResponse } from '../../http/node-http.js';
import { noStore } from '../answers/no-store.js';
import { REPLAYED, sendAgain } from '../answers/send-again.js';
import { TaskAnswers } from '../answers/task-answers.js';
import { TaskRecorder } from '../recording/task.recorder.js';
import type { Task } from '../task.entity.js';
import { DuplicateRequestError, isRefusal } from '../task.errors.js';
import { UNDECIDED_STATES } from '../task.states.js';
import { TaskWaits } from '../waiting/task-waits.js';
import { RequestGate } from './request-gate.js';
import { duplicatesOf, type TrackedOptions } from './tracked.options.js';
import { untilClosed } from './until-closed.js';

/** What becomes of a tracked request. */
export type Admitted =
  /** It is recorded, and is to be carried out. */
  | { is: 'recorded'; task: Task }
  /** It is carried out without a record, as the option `unrecorded` allows. */
  | { is: 'unrecorded' }
  /** It is the same as an earlier one, whose answer it gets as this value. */
  | { is: 'answered'; value: unknown }
  /** The same, and the answer has been sent. */
  | { is: 'sent' };

/** How long a repeated request waits until it is known whether the first one was accepted, in milliseconds. */
const WAIT_MS = 10_000;

/** When to ask again after that, in seconds. */
const RETRY_AFTER = 5;

/** Decides whether a request is carried out, refused, or gets the answer of an earlier one. */
@Injectable()
export class Admission {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly gate: RequestGate,
    private readonly recorder: TaskRecorder,
    private readonly answers: TaskAnswers,
    private readonly waits: TaskWaits,
  ) {}

  /** @throws DuplicateRequestError and any other error of `RequestGate.record`; nothing may be carried out then */
  async admit(context: ExecutionContext, tracked: TrackedOptions<unknown>): Promise<Admitted> {
    try {
      return await this.decide(context, tracked);
    } catch (error) {
      if (isRefusal(error)) {
        this.recorder.refused.next();
        this.gate.nameFirst(context, error.task, error.retryAfter);
      }
      throw error;
    }
  }

  private async decide(context: ExecutionContext, tracked: TrackedOptions<unknown>): Promise<Admitted> {
    const mode = duplicatesOf(tracked, context.switchToHttp().getRequest<unknown>());
    const until = performance.now() + WAIT_MS;
    for (;;) {
      try {
        const task = await this.gate.record(context, tracked);
        return task === null ? { is: 'unrecorded' } : { is: 'recorded', task };
      } catch (error) {
        if (!(error instanceof DuplicateRequestError)) throw error;
        if (mode === 'refuse') throw error;
        if (mode === 'replay') return await this.replay(context, error);
        if (!isUndecided(error.task)) return await this.answerAgain(context, tracked, error);
        // Once it is decided, it is asked anew: the first one may have been rejected, and this one is carried out.
        const left = until - performance.now();
        const signal = untilClosed(nodeResponse(context.switchToHttp().getResponse<object>()));
        if (left <= 0 || !(await this.waits.untilDecided(error.task.uuid, { ms: left, signal })))
          throw new DuplicateRequestError(error.task, undefined, RETRY_AFTER);
      }
    }
  }

  /** The first one's answer, as it is stored. If it cannot be read, the refusal is still correct. */
  private async replay(context: ExecutionContext, error: DuplicateRequestError): Promise<Admitted> {
    const answer = await this.answers.find(error.task.uuid).catch(() => null);
    if (answer === null) throw error;
    this.begin(context, error.task);
    sendAgain(this.adapterHost.httpAdapter, context.switchToHttp().getResponse<object>(), answer);
    return { is: 'sent' };
  }

  /** The first one's answer, as the handler's options make it again from the task. */
  private async answerAgain(
    context: ExecutionContext,
    tracked: TrackedOptions<unknown>,
    error: DuplicateRequestError,
  ): Promise<Admitted> {
    const { task } = error;
    const value = await tracked.answerAgain?.(task, context.switchToHttp().getRequest<unknown>());
    if (value === undefined || value === null) throw error;
    this.begin(context, task);
    this.adapterHost.httpAdapter.setHeader(context.switchToHttp().getResponse<object>(), REPLAYED, 'true');
    return { is: 'answered', value };
  }

  /** Begins the answer to a request that gets an earlier one's. */
  private begin(context: ExecutionContext, first: Task): void {
    this.recorder.answered.next();
    noStore(this.adapterHost.httpAdapter, context.switchToHttp().getResponse<object>());
    this.gate.nameFirst(context, first);
  }
}

function isUndecided({ state }: Task): boolean {
  return UNDECIDED_STATES.includes(state);
}
