import { Logger } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { QueryRunner } from 'typeorm';
import { messageOf } from '../../../errors/message-of.js';
import { within } from '../../../storage/within.js';
import { replayOptions } from '../../answers/replay.options.js';
import type { SentAnswer } from '../../answers/sent-answer.js';
import type { TaskAnswers } from '../../answers/task-answers.js';
import type { LostAnswers } from '../../lost-answers/lost-answers.js';
import type { TaskRecorder } from '../../recording/task.recorder.js';
import { WRITE_LIMIT_MS } from '../../recording/write-limit.js';
import type { Task } from '../../task.entity.js';
import type { Outcome } from '../../task.states.js';
import type { TasksOptions } from '../../tasks.options.js';
import { toldOutcome } from '../../told-outcome.js';
import { duplicatesOf, type TrackedOptions } from '../tracked.options.js';
import { type HandlerAtWork, type HandlerTransactions, isInOpenTransaction } from './handler-transactions.js';
import { outcomeOfError, outcomeOfStatus } from './outcomes.js';
import type { RequestsInFlight } from './requests-in-flight.js';

/** The services that all requests share. */
export interface InFlightServices {
  recorder: TaskRecorder;
  answers: TaskAnswers;
  lostAnswers: LostAnswers;
  inFlight: RequestsInFlight;
  transactions: HandlerTransactions;
  options: TasksOptions;
}

/** A request that was recorded. */
export interface RecordedRequest {
  task: Task;
  tracked: TrackedOptions<unknown>;
  request: unknown;
  response: ServerResponse;
  /** The status that Nest answers with, unless the handler says otherwise. */
  usualStatus: number;
}

/** The progress of a request in flight. */
type State =
  /** Its handler is running. */
  | { is: 'open' }
  /**
   * Its response was closed before its handler had answered: the outcome is unknown, unless the handler still answers.
   */
  | { is: 'closed' }
  /** Its outcome is known, and is being recorded. */
  | { is: 'known'; outcome: Outcome }
  | { is: 'recorded'; outcome: Outcome }
  /** Code before this module has given the handler up, and answers in its place. The handler goes on. */
  | { is: 'given up'; outcome: Outcome | null };

const UNKNOWN: Outcome = { state: 'unknown' };

const logger = new Logger('RequestInFlight');

/** A recorded request that is being carried out. Its outcome is recorded once: the first one known. */
export class RequestInFlight implements HandlerAtWork {
  private state: State = { is: 'open' };
  endedIn: QueryRunner | null = null;
  /** Whether its answer was kept back, since another request may have got it. */
  isWithheld = false;
  readonly task: Task;
  readonly response: ServerResponse;

  constructor(
    readonly services: InFlightServices,
    private readonly recorded: RecordedRequest,
  ) {
    this.task = recorded.task;
    this.response = recorded.response;
    // An interceptor before this one may have given up while the request was recorded, and answered itself.
    if (this.response.headersSent || this.response.statusCode !== recorded.usualStatus) this.giveUp();
  }

  /** Its outcome, if it is known. */
  get outcome(): Outcome | null {
    return 'outcome' in this.state ? this.state.outcome : null;
  }

  /** Whether its outcome is on record. */
  get isRecorded(): boolean {
    return this.state.is === 'recorded';
  }

  /** Whether its answer is stored, to be sent again when the request is repeated. */
  get isReplayed(): boolean {
    return duplicatesOf(this.recorded.tracked, this.recorded.request) === 'replay';
  }

  /** Whether it has ended its task in a transaction that is still open. */
  get isInOpenTransaction(): boolean {
    return isInOpenTransaction(this);
  }

  /** Keeps the application running until a piece of work is done. */
  untilSettled<T>(work: Promise<T>): Promise<T> {
    return this.services.inFlight.untilSettled(this.task, work);
  }

  /**
   * Nobody waits for the handler any more. It goes on, and its outcome is recorded, but its answer does not reach the
   * client.
   */
  giveUp(): void {
    const { state } = this;
    const outcome = 'outcome' in state ? state.outcome : state.is === 'closed' ? UNKNOWN : null;
    this.state = { is: 'given up', outcome };
  }

  /** The handler has returned, and Nest is going to send the value. */
  async returned(value: unknown): Promise<void> {
    const { tracked, request } = this.recorded;
    // The end is committed or rolled back with the handler's transaction, which may still be open.
    if (this.endedIn !== null) return;
    const outcome =
      tracked.outcome === undefined
        ? outcomeOfStatus(this.statusOfHandler())
        : this.told(() => tracked.outcome?.(value, request) ?? { state: 'success' });
    const wasOpen = await this.settle(outcome);
    if (wasOpen && tracked.sameTransaction === true && outcome.state === 'success') {
      logger.error(
        `The handler of task ${this.task.uuid} has not ended it in its transaction, as sameTransaction requires: had the ` +
          'process died just before now, the work would have been done and the task rejected',
      );
    }
  }

  /** The status set by the handler and its decorators, not by code that has answered in its place. */
  private statusOfHandler(): number {
    const { statusCode, headersSent, writableEnded } = this.response;
    const isAnswered = this.state.is === 'given up' || headersSent || writableEnded;
    return isAnswered ? this.recorded.usualStatus : statusCode;
  }

  /** The handler has sent its answer itself. */
  async answered(): Promise<void> {
    await this.settle(this.state.is === 'given up' ? UNKNOWN : outcomeOfStatus(this.response.statusCode));
  }

  /** The response has ended: the handler has sent it, or the client has gone. */
  async closed(): Promise<void> {
    if (this.state.is === 'open') {
      this.state = { is: 'closed' };
      await this.write(UNKNOWN);
    } else await this.settle(UNKNOWN);
  }

  /** The handler has thrown. While its transaction is open, nothing is recorded: its commit or rollback decides. */
  async failed(error: unknown): Promise<void> {
    const { tracked, request } = this.recorded;
    if (this.isInOpenTransaction) return;
    await this.settle(
      this.told(() => {
        const { options } = this.services;
        const told = tracked.outcomeOfError?.(error, request) ?? options.outcomeOfError(error, request);
        if (told !== null) return told;
        const outcome = outcomeOfError(error);
        return tracked.sameTransaction === true && outcome.state === 'unknown' ? ROLLED_BACK : outcome;
      }),
    );
  }

  /** @returns whether the task was open, so that this is news */
  async settle(outcome: Outcome): Promise<boolean> {
    const { state } = this;
    if ('outcome' in state && state.outcome !== null) return false;
    this.state = { is: state.is === 'given up' ? 'given up' : 'known', outcome };
    return this.write(outcome);
  }

  /**
   * A failure to record the outcome must not change the answer: the request was carried out, and the follower settles
   * the task, which is still open.
   */
  private async write(outcome: Outcome): Promise<boolean> {
    const { uuid } = this.task;
    try {
      const isNews = await within(
        WRITE_LIMIT_MS,
        this.services.recorder.recordOutcome(uuid, outcome, 'answer'),
      );
      if (this.state.is === 'known' && this.state.outcome === outcome)
        this.state = { is: 'recorded', outcome };
      return isNews;
    } catch (error) {
      logger.error(`Task ${uuid} stays open until it is looked at again: ${messageOf(error)}`);
      return false;
    }
  }

  /** Stores an answer that is about to be sent, if the request counts as accepted. */
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
  private isItsOwn({ status }: SentAnswer): boolean {
    const { state } = this;
    if (state.is === 'given up') return false;
    if (this.endedIn !== null) return status < 400;
    if (state.is !== 'recorded') return false;
    if (state.outcome.state === 'failure') return true;
    return ['success', 'processing'].includes(state.outcome.state) && status < 400;
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
      return UNKNOWN;
    }
  }
}

/** For a handler that ends its task in its own transaction. */
const ROLLED_BACK: Outcome = {
  state: 'rejected',
  fault: { code: 500, message: 'The request failed, and none of its work was committed.' },
};
