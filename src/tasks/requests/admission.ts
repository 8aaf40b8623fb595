import { type ExecutionContext, Injectable } from '@nestjs/common';
import { nodeResponse } from '../../http/node-http.js';
import { isOver } from '../../http/once-over.js';
import { canBeLost } from '../lost-answers/lost-answers.js';
import { TaskRecorder } from '../recording/task.recorder.js';
import type { Task } from '../task.entity.js';
import { ClientGoneError, DuplicateRequestError, isRefusal } from '../task.errors.js';
import { OPEN_STATES, UNDECIDED_STATES } from '../task.states.js';
import { TaskWaits } from '../waiting/task-waits.js';
import { FirstAnswers } from './first-answers.js';
import { LostRequests } from './lost-requests.js';
import { type ReadRequest, RequestReader } from './reading/request-reader.js';
import { RequestGate } from './request-gate.js';
import { type Duplicates, duplicatesOf, type TrackedOptions } from './tracked.options.js';
import { untilClosed } from './until-closed.js';
import { untilMoreIsKnown } from './until-more-is-known.js';

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
    private readonly reader: RequestReader,
    private readonly gate: RequestGate,
    private readonly recorder: TaskRecorder,
    private readonly answers: FirstAnswers,
    private readonly lost: LostRequests,
    private readonly waits: TaskWaits,
  ) {}

  /** @throws DuplicateRequestError and any other error of `RequestGate.record`; nothing may be carried out then */
  async admit(context: ExecutionContext, tracked: TrackedOptions<unknown>): Promise<Admitted> {
    try {
      const read = await this.reader.read(context, tracked);
      return (await this.answerLost(context, tracked, read)) ?? (await this.record(context, tracked, read));
    } catch (error) {
      if (isRefusal(error)) {
        this.recorder.refused.next();
        this.gate.nameFirst(context, error.task, error.retryAfter);
      }
      throw error;
    }
  }

  /** A request without a tag may get an answer to an earlier one that was lost. */
  private async answerLost(
    context: ExecutionContext,
    tracked: TrackedOptions<unknown>,
    { newTask }: ReadRequest,
  ): Promise<Admitted | null> {
    if (newTask.requestKey === undefined) return null;
    try {
      const answer = await this.lost.answerFor(context, tracked, newTask.requestKey);
      return answer === null ? null : { is: 'answered', ...answer };
    } catch (error) {
      if (this.gate.goesOnUnrecorded(newTask, error)) return { is: 'unrecorded' };
      throw error;
    }
  }

  private async record(
    context: ExecutionContext,
    tracked: TrackedOptions<unknown>,
    read: ReadRequest,
  ): Promise<Admitted> {
    const duplicates = duplicatesOf(tracked, context.switchToHttp().getRequest<unknown>());
    const until = performance.now() + WAIT_MS;
    for (;;) {
      try {
        const task = await this.gate.record(context, read);
        if (task === null) return { is: 'unrecorded' };
        await this.assertWaiting(context, task);
        return { is: 'recorded', task };
      } catch (error) {
        if (!(error instanceof DuplicateRequestError)) throw error;
        const answer = await this.answerTo(error, { context, tracked, duplicates, until });
        if (answer !== null) return answer;
      }
    }
  }

  /**
   * A request without a tag whose client has gone before it was recorded is not carried out: its copy may have come
   * before that, and have found nothing.
   */
  private async assertWaiting(context: ExecutionContext, task: Task): Promise<void> {
    const response = nodeResponse(context.switchToHttp().getResponse<object>());
    if (!canBeLost(task) || !isOver(response)) return;
    const gone = new ClientGoneError();
    const fault = { code: gone.status, message: gone.message };
    await this.recorder.recordOutcome(task.uuid, { state: 'rejected', fault }, 'answer');
    throw gone;
  }

  /**
   * The answer for a duplicate. `null`: meanwhile it is known what became of the first request, so record it anew; the
   * first one may have been rejected, and this one is carried out.
   */
  private async answerTo(
    refusal: DuplicateRequestError,
    { context, tracked, duplicates, until }: Repeated,
  ): Promise<Admitted | null> {
    const { task } = refusal;
    if (duplicates === 'replay' && (await this.answers.replay(context, task))) return { is: 'sent' };
    if (duplicates !== 'answer') throw refusal;
    const isDecided = !UNDECIDED_STATES.includes(task.state);
    const answer = isDecided ? await this.answers.again(context, tracked, task) : null;
    if (answer !== null) return { is: 'answered', ...answer };
    if (!OPEN_STATES.includes(task.state)) throw refusal;
    const ms = until - performance.now();
    const signal = untilClosed(nodeResponse(context.switchToHttp().getResponse<object>()));
    if (await untilMoreIsKnown(this.waits, task, { ms, signal })) return null;
    throw new DuplicateRequestError(task, undefined, RETRY_AFTER);
  }
}

/** A request that was found to be a duplicate. */
interface Repeated {
  context: ExecutionContext;
  tracked: TrackedOptions<unknown>;
  duplicates: Duplicates;
  /** Until when it waits, by `performance.now()`. */
  until: number;
}
