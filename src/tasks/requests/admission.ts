import { Injectable } from '@nestjs/common';
import { TaskRecorder } from '../recording/task.recorder.js';
import { DuplicateRequestError, isRefusal } from '../task.errors.js';
import { OPEN_STATES, UNDECIDED_STATES } from '../task.states.js';
import { TaskWaits } from '../waiting/task-waits.js';
import type { Admitted, Answered, Caller } from './caller.js';
import type { ReadRequest } from './reading/request-reader.js';
import { RequestGate } from './request-gate.js';
import { type Duplicates, duplicatesOf, type TrackedOptions } from './tracked.options.js';
import { untilMoreIsKnown } from './until-more-is-known.js';

/** How long a repeated request waits until it is known whether the first one was accepted, in milliseconds. */
const WAIT_MS = 10_000;

/** When to ask again after that, in seconds. */
const RETRY_AFTER = 5;

/** Decides whether a request is carried out, refused, or gets the answer of an earlier one, however it has come. */
@Injectable()
export class Admission {
  /** Of the object, so that a test need not wait as long. */
  private readonly waitMs = WAIT_MS;

  constructor(
    private readonly gate: RequestGate,
    private readonly recorder: TaskRecorder,
    private readonly waits: TaskWaits,
  ) {}

  /** @throws DuplicateRequestError and any other error of `RequestGate.record`; nothing may be carried out then */
  async admit(caller: Caller, tracked: TrackedOptions<unknown>, read: ReadRequest): Promise<Admitted> {
    // Before anything is recorded: the host's option may throw.
    const duplicates = duplicatesOf(tracked, caller.request);
    let repeated: Repeated | null = null;
    for (;;) {
      try {
        const task = await this.gate.record(caller, read);
        return task === null ? { is: 'unrecorded' } : { is: 'recorded', task };
      } catch (error) {
        if (!(error instanceof DuplicateRequestError)) throw error;
        repeated ??= { caller, tracked, duplicates, until: performance.now() + this.waitMs };
        const answer = await this.answerTo(error, repeated);
        if (answer !== null) return answer;
      }
    }
  }

  /** Counts a refusal, and lets the caller know of it. */
  note(error: unknown, caller: Caller): void {
    if (!isRefusal(error)) return;
    this.recorder.refused.next(error);
    caller.refused(error);
  }

  /**
   * The answer for a duplicate. `null`: it has waited, so record it anew. The first one may have been rejected, and this
   * one is carried out; if not, the next refusal shows the task as it is by then.
   */
  private async answerTo(refusal: DuplicateRequestError, repeated: Repeated): Promise<Answered | null> {
    const { caller, tracked, duplicates, until } = repeated;
    const { task } = refusal;
    if (duplicates === 'replay') {
      const answer = await caller.replay(task);
      if (answer !== null) return answer;
    }
    if (duplicates !== 'answer') throw refusal;
    const isDecided = !UNDECIDED_STATES.includes(task.state);
    const answer = isDecided ? await caller.again(task, tracked) : null;
    if (answer !== null) return answer;
    if (!OPEN_STATES.includes(task.state)) throw refusal;
    const signal = caller.untilGone();
    const ms = until - performance.now();
    if (ms > 0 && !signal.aborted) {
      if (!(await untilMoreIsKnown(this.waits, task, { ms, signal }))) repeated.until = 0;
      if (!signal.aborted) return null;
    }
    throw new DuplicateRequestError(task, undefined, RETRY_AFTER);
  }
}

/** A request that was found to be a duplicate. */
interface Repeated {
  caller: Caller;
  tracked: TrackedOptions<unknown>;
  duplicates: Duplicates;
  /** Until when it waits, by `performance.now()`; a wait that has ended before is the last one. */
  until: number;
}
