import { answerAgain } from './answer-again.js';
import { type Clock, pause, retryAfterMs } from './clock.js';
import { type CallSettings, fetchWhole, isReplayed } from './fetch-whole.js';
import type { FollowUp, Acceptance } from './follow-up.js';
import type { Settled } from './options.js';
import type { Outgoing } from './outgoing.js';
import type { TaggedResult } from './result.js';
import { abandonmentOf, isDecided, type Task, taskOfRefusal } from './task.js';

/** The parts of a call. */
export interface CallParts {
  request: Outgoing;
  tag: string;
  options: Settled;
  to: CallSettings;
  followUp: FollowUp;
}

/** One request, until its outcome is known. It is sent again only after a look-up that said "not accepted". */
export class Call {
  /** How often it has been sent. */
  sent = 0;
  private readonly deadline: number;
  /** From the last answer: when the server is ready for another request, in epoch milliseconds. */
  private notBefore = 0;
  /** The last answer, or why none came. */
  private last: { response?: Response; cause?: unknown } = {};

  constructor(private readonly parts: CallParts) {
    this.deadline = this.clock.now() + parts.options.deadlineMs;
  }

  async run(): Promise<TaggedResult> {
    for (;;) {
      const response = await this.send();
      const known = response === null ? null : await this.resultFrom(response);
      const result = known ?? (await this.lookUp());
      if (result !== null) return result;
    }
  }

  /** @returns `null` when the answer was lost, or is inconclusive */
  private async send(): Promise<Response | null> {
    const { to, request, options } = this.parts;
    to.signal.throwIfAborted();
    this.sent += 1;
    try {
      const response = await fetchWhole(to, request.url, { ...request.init, headers: request.headers });
      this.last = { response };
      this.notBefore = this.clock.now() + retryAfterMs(response, this.clock);
      return !isReplayed(response) && options.isInconclusive(response) ? null : response;
    } catch (cause) {
      to.signal.throwIfAborted();
      this.last = { cause };
      return null;
    }
  }

  /** @returns `null` when the answer does not settle the outcome of the request */
  private async resultFrom(response: Response): Promise<TaggedResult | null> {
    const { followUp } = this.parts;
    if (response.ok || isReplayed(response)) return this.answered(response);
    const first = response.status === 409 ? taskOfRefusal(await jsonOf(response)) : null;
    if (first !== null) {
      followUp.is(first);
      return isDecided(first) ? this.accepted(first) : null;
    }
    const abandonment = response.status === 410 ? abandonmentOf(await jsonOf(response)) : null;
    // No copy of the request was accepted, or the tag could not have been abandoned.
    if (abandonment !== null) return this.resultOf({ is: 'abandoned', task: abandonment });
    // What a second copy is answered says nothing of the first one, which may have come late.
    const acceptance = this.sent > 1 ? await followUp.acceptance(this.deadline) : null;
    if (acceptance?.is === 'accepted' || acceptance?.is === 'unknown') return this.resultOf(acceptance);
    return this.answered(response);
  }

  /** After an error of 500 or more, the request may still be running. */
  private async answered(response: Response): Promise<TaggedResult> {
    const task = response.ok || response.status >= 500 ? await this.follow(null) : null;
    return { outcome: 'answered', ...this.facts, response, ...(task !== null && { task }) };
  }

  /** Looks up the outcome of the request. @returns `null` when it is to be sent again */
  private async lookUp(): Promise<TaggedResult | null> {
    const { request, options, to, followUp } = this.parts;
    const acceptance = await followUp.acceptance(this.deadline);
    if (acceptance.is === 'not accepted' && request.isResendable && this.sent < options.maxSends) {
      const { backOff } = options;
      const leastMs = this.notBefore - this.clock.now();
      const again = { backOff, tries: this.sent, leastMs, until: this.deadline };
      if (await pause(this.clock, to.signal, again)) return null;
    }
    return this.resultOf(acceptance);
  }

  private async resultOf(acceptance: Acceptance): Promise<TaggedResult> {
    switch (acceptance.is) {
      case 'accepted':
        return this.accepted(acceptance.task);
      case 'abandoned':
        return { outcome: 'abandoned', ...this.facts, ...this.last, task: acceptance.task };
      case 'unknown': {
        const { is: _is, ...known } = acceptance;
        return { outcome: 'unknown', ...this.facts, ...this.last, ...known };
      }
      default: {
        const { is: _is, ...known } = acceptance;
        return { outcome: 'notAccepted', ...this.facts, ...this.last, ...known };
      }
    }
  }

  private async accepted(task: Task): Promise<TaggedResult> {
    this.parts.followUp.is(task);
    const again = await this.answerAgain();
    if (again !== null) return this.answered(again);
    return { outcome: 'accepted', ...this.facts, ...this.last, task: (await this.follow(task)) ?? task };
  }

  /** The answer that was lost, if the caller wants it and the server gives it. */
  private async answerAgain(): Promise<Response | null> {
    const { request, options, to } = this.parts;
    if (!options.answerAgain || !request.isResendable) return null;
    const { response, sent } = await answerAgain(request, options, to, this.deadline);
    this.sent += sent;
    return response;
  }

  /** Follows the task for as long as the caller waits. */
  private async follow(task: Task | null): Promise<Task | null> {
    const { followUp, options } = this.parts;
    if (options.wait === false) return task;
    const forMs = options.wait === true ? Infinity : options.wait.forMs;
    return followUp.toTheEnd(task, this.clock.now() + forMs);
  }

  private get facts(): { tag: string; sent: number } {
    return { tag: this.parts.tag, sent: this.sent };
  }

  private get clock(): Clock {
    return this.parts.to.clock;
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.clone().json();
  } catch {
    return null;
  }
}
