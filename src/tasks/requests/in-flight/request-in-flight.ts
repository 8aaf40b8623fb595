import { Logger } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { QueryRunner } from 'typeorm';
import { messageOf } from '../../../errors/message-of.js';
import { within } from '../../../storage/within.js';
import { replayOptions } from '../../answers/replay.options.js';
import type { SentAnswer } from '../../answers/sent-answer.js';
import type { TaskAnswers } from '../../answers/task-answers.js';
import type { TaskRecorder } from '../../recording/task.recorder.js';
import { WRITE_LIMIT_MS } from '../../recording/write-limit.js';
import type { Task } from '../../task.entity.js';
import type { Outcome } from '../../task.states.js';
import type { TasksOptions } from '../../tasks.options.js';
import { toldOutcome } from '../../told-outcome.js';
import type { TrackedOptions } from '../tracked.options.js';
import { type HandlerAtWork, type HandlerTransactions, isUndecided } from './handler-transactions.js';
import { outcomeOfError, outcomeOfStatus } from './outcomes.js';
import type { RequestsInFlight } from './requests-in-flight.js';

/** The services that carry requests out, the same for all of them. */
export interface InFlightServices {
  recorder: TaskRecorder;
  answers: TaskAnswers;
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

/** How far a request in flight has come. */
type State =
  /** Its handler is at work. */
  | { is: 'open' }
  /** Its response was closed before its handler had answered: the outcome is unknown, unless the handler answers yet. */
  | { is: 'closed' }
  /** Its outcome is known, and is being recorded. */
  | { is: 'known'; outcome: Outcome }
  | { is: 'recorded'; outcome: Outcome }
  /** Somebody before this module has given its handler up, and answers himself. The handler goes on. */
  | { is: 'given up'; outcome: Outcome | null };

const UNKNOWN: Outcome = { state: 'unknown' };

const logger = new Logger('RequestInFlight');

/** A recorded request that is being carried out. Its outcome is recorded once: the first one that is known. */
export class RequestInFlight implements HandlerAtWork {
  private state: State = { is: 'open' };
  endedIn: QueryRunner | null = null;
  readonly task: Task;
  readonly response: ServerResponse;

  constructor(
    readonly services: InFlightServices,
    private readonly recorded: RecordedRequest,
  ) {
    this.task = recorded.task;
    this.response = recorded.response;
    // Whoever stands before may have given up while the request was recorded, and has answered himself.
    if (this.response.headersSent || this.response.statusCode !== recorded.usualStatus) this.giveUp();
  }

  /** Whether its answer is kept, to be sent again when the request is repeated. */
  get isReplayed(): boolean {
    return this.recorded.tracked.duplicates === 'replay';
  }

  /** Whether it has ended its task in a transaction that is open yet. */
  get isUndecided(): boolean {
    return isUndecided(this);
  }

  /** Keeps the application from ending until a piece of its work is done. */
  untilSettled<T>(work: Promise<T>): Promise<T> {
    return this.services.inFlight.untilSettled(this.task, work);
  }

  /** Nobody waits for the handler any more. It goes on, and its outcome is recorded; its answer is not the client's. */
  giveUp(): void {
    const { state } = this;
    const outcome = 'outcome' in state ? state.outcome : state.is === 'closed' ? UNKNOWN : null;
    this.state = { is: 'given up', outcome };
  }

  /** The handler has returned, and Nest is going to send the value. */
  async returned(value: unknown): Promise<void> {
    const { tracked, request } = this.recorded;
    // Committed or rolled back with the handler's transaction, which may be open yet.
    if (this.endedIn !== null) return;
    const outcome =
      tracked.outcome === undefined
        ? outcomeOfStatus(this.statusOfHandler())
        : this.told(() => tracked.outcome?.(value, request) ?? { state: 'success' });
    const wasOpen = await this.settle(outcome);
    if (wasOpen && tracked.sameTransaction === true && outcome.state === 'success') {
      logger.error(
        `The handler of task ${this.task.uuid} has not ended it in its transaction, as sameTransaction says: had the ` +
          'process died just before, its work would have been done while the task is rejected',
      );
    }
  }

  /** The status that the handler and its decorators have set, and nobody who has answered in its place. */
  private statusOfHandler(): number {
    const { statusCode, headersSent, writableEnded } = this.response;
    const isAnswered = this.state.is === 'given up' || headersSent || writableEnded;
    return isAnswered ? this.recorded.usualStatus : statusCode;
  }

  /** The handler has sent its answer itself. */
  async answered(): Promise<void> {
    await this.settle(this.state.is === 'given up' ? UNKNOWN : outcomeOfStatus(this.response.statusCode));
  }

  /** The response is at its end: the handler has sent it, or the client has gone. */
  async closed(): Promise<void> {
    if (this.state.is === 'open') {
      this.state = { is: 'closed' };
      await this.write(UNKNOWN);
    } else await this.settle(UNKNOWN);
  }

  /** The handler has thrown. As long as its transaction is open, nothing is recorded: whoever ends that decides. */
  async failed(error: unknown): Promise<void> {
    const { tracked, request } = this.recorded;
    if (this.isUndecided) return;
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

  /** @returns whether the task was open, and this is news */
  async settle(outcome: Outcome): Promise<boolean> {
    const { state } = this;
    if ('outcome' in state && state.outcome !== null) return false;
    this.state = { is: state.is === 'given up' ? 'given up' : 'known', outcome };
    return this.write(outcome);
  }

  /**
   * A failure to record the outcome must not change the answer: the request was carried out, and the task, still open,
   * is settled by whoever follows open tasks.
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

  /** Keeps an answer that is about to be sent, when the request counts as accepted. */
  async keepAnswer(answer: SentAnswer | null): Promise<void> {
    const { task, tracked } = this.recorded;
    if (!this.isReplayed || answer === null || !this.isItsOwn(answer)) return;
    try {
      const keeping = this.services.answers.record(task.uuid, answer, replayOptions(tracked.replay ?? {}));
      await within(WRITE_LIMIT_MS, keeping);
    } catch (error) {
      logger.warn(`The answer of task ${task.uuid} is not kept: ${messageOf(error)}`);
    }
  }

  /**
   * Whether an answer is the handler's, and says what is recorded. An error under which the work was done all the same,
   * as of an interceptor that fails after it, must not be all that a repeat gets from then on.
   */
  private isItsOwn({ status }: SentAnswer): boolean {
    const { state } = this;
    if (state.is === 'given up') return false;
    if (this.endedIn !== null) return status < 400;
    if (state.is !== 'recorded') return false;
    if (state.outcome.state === 'failure') return true;
    return ['success', 'processing'].includes(state.outcome.state) && status < 400;
  }

  /** The host's word; its mistake must not change the answer. */
  private told(ask: () => Outcome): Outcome {
    try {
      return toldOutcome(ask());
    } catch (error) {
      logger.error(
        error,
        `The outcome of task ${this.task.uuid} is unknown: the option that gives it has failed`,
      );
      return UNKNOWN;
    }
  }
}

/** Of a handler that ends its task in its own transaction. */
const ROLLED_BACK: Outcome = {
  state: 'rejected',
  fault: { code: 500, message: 'The request failed, and nothing of it was committed.' },
};
