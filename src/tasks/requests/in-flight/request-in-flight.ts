import type { ServerResponse } from 'node:http';
import type { SentAnswer } from '../../answers/sent-answer.js';
import type { LostAnswers } from '../../lost-answers/lost-answers.js';
import type { Outcome } from '../../task.states.js';
import { outcomeOfStatus } from './outcomes.js';
import { type RecordedWork, WorkInFlight, type WorkServices } from './work-in-flight.js';

/** The services that all requests share. */
export interface InFlightServices extends WorkServices {
  lostAnswers: LostAnswers;
}

/** A request that was recorded. */
export interface RecordedRequest extends RecordedWork {
  response: ServerResponse;
  /** The status that Nest answers with, unless the handler says otherwise. */
  usualStatus: number;
}

/** How far a request has come. */
type Progress =
  /** Its handler is running, or its outcome is known. */
  | 'open'
  /**
   * Its response was closed before its handler had answered: the outcome is unknown, unless the handler still answers.
   */
  | 'closed'
  /** Code before this module has given the handler up, and answers in its place. The handler goes on. */
  | 'given up';

const UNKNOWN: Outcome = { state: 'unknown' };

/** A recorded request of HTTP that is being carried out. */
export class RequestInFlight extends WorkInFlight {
  private progress: Progress = 'open';
  /** Whether its answer was kept back, since another request may have got it. */
  isWithheld = false;
  readonly response: ServerResponse;

  constructor(
    override readonly services: InFlightServices,
    protected override readonly recorded: RecordedRequest,
  ) {
    super(services, recorded);
    this.response = recorded.response;
    // An interceptor before this one may have given up while the request was recorded, and answered itself.
    if (this.response.headersSent || this.response.statusCode !== recorded.usualStatus) this.giveUp();
  }

  /** Whether its outcome is on record, and its answer is its own. */
  override get isRecorded(): boolean {
    return this.progress !== 'given up' && super.isRecorded;
  }

  /**
   * Nobody waits for the handler any more. It goes on, and its outcome is recorded, but its answer does not reach the
   * client.
   */
  giveUp(): void {
    if (this.progress === 'closed') this.outcome ??= UNKNOWN;
    this.progress = 'given up';
  }

  /** By the status of the answer. */
  protected override usualOutcome(): Outcome {
    return outcomeOfStatus(this.statusOfHandler());
  }

  /** The status set by the handler and its decorators, not by code that has answered in its place. */
  private statusOfHandler(): number {
    const { statusCode, headersSent, writableEnded } = this.response;
    const isAnswered = this.progress === 'given up' || headersSent || writableEnded;
    return isAnswered ? this.recorded.usualStatus : statusCode;
  }

  /** The handler has sent its answer itself. */
  async answered(): Promise<void> {
    await this.settle(this.progress === 'given up' ? UNKNOWN : outcomeOfStatus(this.response.statusCode));
  }

  /** The response has ended: the handler has sent it, or the client has gone. */
  async closed(): Promise<void> {
    if (this.progress === 'open' && this.outcome === null) {
      this.progress = 'closed';
      await this.write(UNKNOWN);
    } else await this.settle(UNKNOWN);
  }

  protected override isItsOwn(answer: SentAnswer): boolean {
    return this.progress !== 'given up' && super.isItsOwn(answer);
  }
}
