import { type ExecutionContext, Injectable } from '@nestjs/common';
import { responseOf } from '../../../http/http-context.js';
import { nodeResponse } from '../../../http/node-http.js';
import { isOver } from '../../../http/once-over.js';
import { canBeLost } from '../../lost-answers/lost-answers.js';
import { TaskRecorder } from '../../recording/task.recorder.js';
import type { Task } from '../../task.entity.js';
import { ClientGoneError } from '../../task.errors.js';
import { Admission } from '../admission.js';
import type { Admitted } from '../caller.js';
import { type ReadRequest, RequestReader } from '../reading/request-reader.js';
import { RequestGate } from '../request-gate.js';
import type { TrackedOptions } from '../tracked.options.js';
import { AnswerHead } from './answer-head.js';
import { FirstAnswers } from './first-answers.js';
import { HttpCaller } from './http-caller.js';
import { LostRequests } from './lost-requests.js';

/** What becomes of a request of HTTP. One without a tag may also get an answer that was lost. */
@Injectable()
export class HttpAdmission {
  constructor(
    private readonly reader: RequestReader,
    private readonly gate: RequestGate,
    private readonly recorder: TaskRecorder,
    private readonly admission: Admission,
    private readonly head: AnswerHead,
    private readonly answers: FirstAnswers,
    private readonly lost: LostRequests,
  ) {}

  /** @throws DuplicateRequestError and any other error of `RequestGate.record`; nothing may be carried out then */
  async admit(context: ExecutionContext, tracked: TrackedOptions<unknown>): Promise<Admitted> {
    const caller = new HttpCaller(context, this.head, this.answers);
    try {
      const read = await this.reader.read(context, tracked);
      const { requestKey } = read.newTask;
      if (requestKey !== undefined) {
        const answered = await this.answerLost(context, tracked, requestKey, read);
        if (answered !== null) return answered;
      }
      const admitted = await this.admission.admit(caller, tracked, read);
      if (admitted.is === 'recorded' && canBeLost(admitted.task))
        await this.assertWaiting(context, admitted.task);
      return admitted;
    } catch (error) {
      this.admission.note(error, caller);
      throw error;
    }
  }

  /** A request without a tag may get an answer to an earlier one that was lost. */
  private async answerLost(
    context: ExecutionContext,
    tracked: TrackedOptions<unknown>,
    requestKey: string,
    { newTask }: ReadRequest,
  ): Promise<Admitted | null> {
    try {
      const answer = await this.lost.answerFor(context, tracked, requestKey);
      return answer === null ? null : { is: 'answered', ...answer };
    } catch (error) {
      if (this.gate.goesOnUnrecorded(newTask, error)) return { is: 'unrecorded' };
      throw error;
    }
  }

  /**
   * A request without a tag whose client has gone before it was recorded is not carried out: its copy may have come
   * before that, and have found nothing.
   */
  private async assertWaiting(context: ExecutionContext, task: Task): Promise<void> {
    const response = nodeResponse(responseOf(context));
    if (!isOver(response)) return;
    const gone = new ClientGoneError();
    const fault = { code: gone.status, message: gone.message };
    await this.recorder.recordOutcome(task.uuid, { state: 'rejected', fault }, 'answer');
    throw gone;
  }
}
