import { Logger } from '@nestjs/common';
import type { EntityManager, QueryRunner } from 'typeorm';
import { messageOf } from '../../../errors/message-of.js';
import { within } from '../../../storage/within.js';
import { replayOptions } from '../../answers/replay.options.js';
import type { SentAnswer } from '../../answers/sent-answer.js';
import type { TaskAnswers } from '../../answers/task-answers.js';
import type { TaskRecorder } from '../../recording/task.recorder.js';
import type { HandedOn } from '../../recording/way.js';
import { WRITE_LIMIT_MS } from '../../recording/write-limit.js';
import type { Task } from '../../task.entity.js';
import { TaskMovedOnError } from '../../task.errors.js';
import type { Outcome } from '../../task.states.js';
import type { TasksOptions } from '../../tasks.options.js';
import { toldOutcome } from '../../told-outcome.js';
import { duplicatesOf, type TrackedOptions } from '../tracked.options.js';
import { type HandlerAtWork, type HandlerTransactions, isInOpenTransaction } from './handler-transactions.js';
import { outcomeOfError } from './outcomes.js';
import type { RequestsInFlight } from './requests-in-flight.js';

/** The services that all work in flight shares. */
export interface WorkServices {
  recorder: TaskRecorder;
  answers: TaskAnswers;
  inFlight: RequestsInFlight;
  transactions: HandlerTransactions;
  options: TasksOptions;
}

/** Work that was recorded. */
export interface RecordedWork {
  task: Task;
  tracked: TrackedOptions<unknown>;
  /** What the handler's own options get. */
  request: unknown;
  /** What the module's options get, if that is something else. */
  moduleRequest?: unknown;
}

const logger = new Logger('RequestInFlight');

/** Recorded work that is being carried out. Its outcome is recorded once: the first one known. */
export class WorkInFlight implements HandlerAtWork {
  endedIn: QueryRunner | null = null;
  isAfterSavepoint = false;
  /** Its outcome, if it is known. */
  outcome: Outcome | null = null;
  readonly task: Task;
  handedOn: HandedOn | undefined;
  private isWritten = false;

  constructor(
    readonly services: WorkServices,
    protected readonly recorded: RecordedWork,
  ) {
    this.task = recorded.task;
  }

  /** Whether its outcome is on record. */
  get isRecorded(): boolean {
    return this.isWritten;
  }

  /** Whether its answer is stored, to be given again when the request is repeated. */
  get isReplayed(): boolean {
    return duplicatesOf(this.recorded.tracked, this.recorded.request) === 'replay';
  }

  /** Whether it has ended its task in a transaction that is still open. */
  get isInOpenTransaction(): boolean {
    return isInOpenTransaction(this);
  }

  /** Its handler begins. */
  begin(): void {
    const { transactions, options } = this.services;
    this.handedOn = { startTime: this.task.startTime, sentAt: options.now() };
    transactions.begin(this);
  }

  /** Keeps the application running until a piece of work is done. */
  untilSettled<T>(work: Promise<T>): Promise<T> {
    return this.services.inFlight.untilSettled(this.task, work);
  }

  /** The handler has returned. */
  returned(value: unknown): Promise<unknown> {
    const { tracked, request } = this.recorded;
    // The end is committed or rolled back with the handler's transaction, which may still be open.
    if (this.endedIn !== null && !this.isAfterSavepoint) return Promise.resolve();
    const outcome =
      tracked.outcome === undefined
        ? this.usualOutcome()
        : this.told(() => tracked.outcome?.(value, request) ?? { state: 'success' });
    if (this.endedIn !== null && this.isInOpenTransaction)
      return this.endAgainIn(this.endedIn.manager, outcome);
    return tracked.sameTransaction === true ? this.settleLate(outcome) : this.settle(outcome);
  }

  /** Its handler should have ended it in its own transaction. */
  private async settleLate(outcome: Outcome): Promise<void> {
    const wasOpen = await this.settle(outcome);
    if (wasOpen && outcome.state === 'success') {
      logger.error(
        `The handler of task ${this.task.uuid} has not ended it in its transaction, as sameTransaction requires: had the ` +
          'process died just before now, the work would have been done and the task rejected',
      );
    }
  }

  /** Ends the task in a transaction once more, if its end there was undone alone, by a rollback to a savepoint. */
  private async endAgainIn(manager: EntityManager, outcome: Outcome): Promise<void> {
    const ended = this.services.recorder.recordOutcomeIn(manager, this.task.uuid, outcome);
    await ended.catch((error: unknown) => {
      if (!(error instanceof TaskMovedOnError)) throw error;
    });
  }

  /** The outcome of a handler that has returned, if no option tells it. */
  protected usualOutcome(): Outcome {
    return { state: 'success' };
  }

  /** The handler has thrown. While its transaction is open, nothing is recorded: its commit or rollback decides. */
  async failed(error: unknown): Promise<void> {
    const { tracked, request, moduleRequest = request } = this.recorded;
    if (this.isInOpenTransaction) return;
    await this.settle(
      this.told(() => {
        const { options } = this.services;
        const told = tracked.outcomeOfError?.(error, request) ?? options.outcomeOfError(error, moduleRequest);
        if (told !== null) return told;
        const outcome = outcomeOfError(error);
        return tracked.sameTransaction === true && outcome.state === 'unknown' ? ROLLED_BACK : outcome;
      }),
    );
  }

  /** @returns whether the task was open, so that this is news */
  settle(outcome: Outcome): Promise<boolean> {
    if (this.outcome !== null) return Promise.resolve(false);
    this.outcome = outcome;
    return this.write(outcome);
  }

  /**
   * A failure to record the outcome must not change the answer: the request was carried out, and the follower settles
   * the task, which is still open.
   */
  protected async write(outcome: Outcome): Promise<boolean> {
    const { uuid } = this.task;
    try {
      const isNews = await within(
        WRITE_LIMIT_MS,
        this.services.recorder.recordOutcome(uuid, outcome, 'answer', this.handedOn),
      );
      if (this.outcome === outcome) this.isWritten = true;
      return isNews;
    } catch (error) {
      logger.error(`Task ${uuid} stays open until it is looked at again: ${messageOf(error)}`);
      return false;
    }
  }

  /** Stores an answer that is about to be given, if the request counts as accepted. */
  async keepAnswer(answer: SentAnswer | null): Promise<void> {
    const { task, tracked } = this.recorded;
    if (!this.isReplayed || answer === null || !this.isItsOwn(answer)) return;
    try {
      const keeping = this.services.answers.record(task.uuid, answer, replayOptions(tracked.replay ?? {}));
      await within(WRITE_LIMIT_MS, keeping);
    } catch (error) {
      logger.warn(`The answer of task ${task.uuid} was not stored: ${messageOf(error)}`);
    }
  }

  /**
   * Whether an answer is the handler's, and agrees with the recorded outcome. If the work was done but a later
   * interceptor failed, repeats must not get that error for ever.
   */
  protected isItsOwn({ status }: SentAnswer): boolean {
    if (this.endedIn !== null) return status < 400;
    if (!this.isRecorded) return false;
    if (this.outcome?.state === 'failure') return true;
    return ['success', 'processing'].includes(this.outcome?.state ?? '') && status < 400;
  }

  /** The outcome as the host reports it; a mistake there must not change the answer. */
  private told(ask: () => Outcome): Outcome {
    try {
      return toldOutcome(ask());
    } catch (error) {
      logger.error(
        error,
        `The outcome of task ${this.task.uuid} is unknown: the option that returns it failed`,
      );
      return { state: 'unknown' };
    }
  }
}

/** For a handler that ends its task in its own transaction. */
const ROLLED_BACK: Outcome = {
  state: 'rejected',
  fault: { code: 500, message: 'The request failed, and none of its work was committed.' },
};
