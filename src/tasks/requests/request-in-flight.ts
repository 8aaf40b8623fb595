import { Logger } from '@nestjs/common';
import { within } from '../../storage/within.js';
import { messageOf } from '../../errors/message-of.js';
import { replayOptions } from '../answers/replay.options.js';
import type { SentAnswer } from '../answers/sent-answer.js';
import type { TaskAnswers } from '../answers/task-answers.js';
import { outcomeOfError, outcomeOfStatus } from './outcomes.js';
import { isUndecided, type RunningHandler } from './running-handlers.js';
import type { QueryRunner } from 'typeorm';
import type { Task } from '../task.entity.js';
import type { TaskRecorder } from '../recording/task.recorder.js';
import type { Outcome } from '../task.states.js';
import type { TasksOptions } from '../tasks.options.js';
import { toldOutcome } from '../told-outcome.js';
import type { TrackedOptions } from './tracked.options.js';
import { WRITE_LIMIT_MS } from '../recording/write-limit.js';

/** A request, and what is known of it. */
export interface RecordedRequest {
  task: Task;
  tracked: TrackedOptions<unknown>;
  request: unknown;
  /** The status that Nest answers with, unless the handler says otherwise. */
  usualStatus: number;
}

const logger = new Logger('RequestInFlight');

/** A recorded request that is being carried out. What became of it is recorded once, by what is known first. */
export class RequestInFlight implements RunningHandler {
  private outcome: Outcome | null = null;
  private isRecorded = false;
  /** Whether its response was closed before it was known what became of it. */
  private isClosed = false;
  /** Whether somebody before this module has given the handler up, and answers by himself. */
  isLeft = false;
  endedBy: QueryRunner | null = null;

  constructor(
    private readonly recorder: TaskRecorder,
    private readonly answers: TaskAnswers,
    private readonly options: TasksOptions,
    private readonly recorded: RecordedRequest,
  ) {}

  get task(): Task {
    return this.recorded.task;
  }

  get usualStatus(): number {
    return this.recorded.usualStatus;
  }

  /** Whether the host says what the handler's answer means. */
  get hasOutcome(): boolean {
    return this.recorded.tracked.outcome !== undefined;
  }

  /** Whether its answer is to be sent again to who repeats it. */
  get isReplayed(): boolean {
    return this.recorded.tracked.duplicates === 'replay';
  }

  /** Nobody waits for the handler any more. It goes on, and what becomes of it is recorded. */
  leave(): void {
    this.isLeft = true;
  }

  /**
   * The handler has returned, and Nest is going to send what it gave.
   *
   * @param status that of the answer, as far as the handler and its decorators say
   */
  async returned(value: unknown, status: number): Promise<void> {
    const { tracked, request } = this.recorded;
    // Committed or rolled back with the handler's transaction, which may be open yet.
    if (this.endedBy !== null) return;
    const outcome =
      tracked.outcome === undefined
        ? outcomeOfStatus(status)
        : this.tell(() => tracked.outcome?.(value, request) ?? { state: 'success' });
    const wasOpen = await this.settle(outcome);
    if (wasOpen && tracked.sameTransaction === true && outcome.state === 'success') {
      logger.error(
        `The handler of task ${this.task.uuid} has not ended it in its transaction, as sameTransaction says: had the ` +
          'process died just before, its work would have been done while the task is rejected',
      );
    }
  }

  /** The handler has sent its answer itself. */
  async answered(status: number): Promise<void> {
    // What is known of it for certain counts, though the client had gone before.
    if (this.isClosed) this.outcome = null;
    await this.settle(this.isLeft ? { state: 'unknown' } : outcomeOfStatus(status));
  }

  /** The response is at its end, sent by the handler or since the client has gone. */
  async closed(): Promise<void> {
    if (this.outcome !== null) return;
    this.isClosed = true;
    await this.settle({ state: 'unknown' });
  }

  /** Whether it has ended its task in a transaction that is open yet. */
  get isUndecided(): boolean {
    return isUndecided(this);
  }

  /** The handler has thrown. As long as its transaction is open, nothing is recorded: whoever ends that decides. */
  async failed(error: unknown): Promise<void> {
    const { tracked, request } = this.recorded;
    if (this.isUndecided) return;
    await this.settle(
      this.tell(() => {
        const told = tracked.outcomeOfError?.(error, request) ?? this.options.outcomeOfError(error, request);
        if (told !== null) return told;
        const outcome = outcomeOfError(error);
        return tracked.sameTransaction === true && outcome.state === 'unknown' ? ROLLED_BACK : outcome;
      }),
    );
  }

  /**
   * A failure to record the outcome must not change the answer: the request was carried out, and the task, still open,
   * is settled by whoever follows open tasks.
   *
   * @returns whether the task was open, and this is news
   */
  async settle(outcome: Outcome): Promise<boolean> {
    if (this.outcome !== null) return false;
    this.outcome = outcome;
    const { uuid } = this.recorded.task;
    try {
      const isNews = await within(WRITE_LIMIT_MS, this.recorder.settle(uuid, outcome, 'answer'));
      this.isRecorded = true;
      return isNews;
    } catch (error) {
      logger.error(`Task ${uuid} stays open until it is looked at again: ${messageOf(error)}`);
      return false;
    }
  }

  /** Keeps an answer that is about to be sent, when the request counts as accepted. */
  async recordAnswer(answer: SentAnswer | null): Promise<void> {
    const { task, tracked } = this.recorded;
    if (!this.isReplayed || answer === null || !this.isItsOwn(answer)) return;
    try {
      const recording = this.answers.record(task.uuid, answer, replayOptions(tracked.replay ?? {}));
      await within(WRITE_LIMIT_MS, recording);
    } catch (error) {
      logger.warn(`The answer of task ${task.uuid} is not kept: ${messageOf(error)}`);
    }
  }

  /**
   * Whether an answer is the handler's, and tells what is recorded. An error under which the work was done all the same,
   * as of an interceptor that fails after it, must not be all that anybody is told from then on.
   */
  private isItsOwn({ status }: SentAnswer): boolean {
    if (this.isLeft) return false;
    if (this.endedBy !== null) return status < 400;
    switch (this.isRecorded ? this.outcome?.state : undefined) {
      case 'success':
      case 'processing':
        return status < 400;
      case 'failure':
        return true;
      default:
        return false;
    }
  }

  /** What the host tells; its mistake must not change the answer. */
  private tell(ask: () => Outcome): Outcome {
    try {
      return toldOutcome(ask());
    } catch (error) {
      logger.error(error, `It could not be told what became of task ${this.recorded.task.uuid}`);
      return { state: 'unknown' };
    }
  }
}

/** Of a handler that ends its task in its own transaction. */
const ROLLED_BACK: Outcome = {
  state: 'rejected',
  fault: { code: 500, message: 'The request failed, and nothing of it was committed.' },
};
