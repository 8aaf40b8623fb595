import { Logger } from '@nestjs/common';
import { messageOf } from '../../errors/message-of.js';
import type { Task } from '../task.entity.js';
import type { Outcome } from '../task.states.js';
import type { TasksOptions } from '../tasks.options.js';
import { toldOutcome } from '../told-outcome.js';
import { laterAt } from './look-later.js';
import type { Observation, TaskObserver } from './task-observer.js';

/** How long an answer may take, in milliseconds. */
const LIMIT_MS = 30_000;

/** The host as the observer, by its option `settle`: a question is about one task, and may fail or hang. */
export class SettleObserver implements TaskObserver {
  readonly terms = { batch: 1, atOnce: 4, leaseMs: 60_000, pauseMs: 1000 };
  private readonly logger = new Logger(SettleObserver.name);

  /** @param limitMs how long an answer may take, in milliseconds */
  constructor(
    private readonly options: Pick<TasksOptions, 'now'> & { settle: NonNullable<TasksOptions['settle']> },
    private readonly limitMs = LIMIT_MS,
  ) {}

  observe(tasks: Task[], signal: AbortSignal): Promise<Observation[]> {
    return Promise.all(tasks.map((task) => this.observeOne(task, signal)));
  }

  private async observeOne(task: Task, signal: AbortSignal): Promise<Observation> {
    const { uuid, state } = task;
    try {
      const outcome = await this.answer(task, signal);
      if (outcome === null) return this.later(task, NOT_KNOWN_YET);
      if (outcome.state === 'unknown') return this.later(task, outcome.why ?? NOT_KNOWN_YET);
      // The host knows about its own work under way as well as the answer did. A task that was unknown when asked about
      // may have been accepted meanwhile.
      return { uuid, outcome, witness: state === 'processing' ? 'answer' : 'observation' };
    } catch (error) {
      // Another process may ask at once.
      if (signal.aborted) return undetermined(uuid, this.options.now(), NOT_ASKED);
      this.logger.warn(`The outcome of task ${uuid} could not be looked up: ${messageOf(error)}`);
      return this.later(task, FAILED);
    }
  }

  private later(task: Task, why: string): Observation {
    return undetermined(task.uuid, laterAt(task, this.options.now()), why);
  }

  /** @throws Error when it takes too long, or the application stops */
  private async answer(task: Task, signal: AbortSignal): Promise<Outcome | null> {
    const { limitMs } = this;
    const given = new AbortController();
    const stop = () => given.abort(new Error('the application is stopping'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    const timer = setTimeout(() => given.abort(new Error(`no answer in ${limitMs} ms`)), limitMs).unref();
    try {
      const told = await Promise.race([aborted(given.signal), this.options.settle(task, given.signal)]);
      // A host without types may answer `undefined`.
      return told == null ? null : toldOutcome(told);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }
}

const NOT_KNOWN_YET = 'The application was asked, and its outcome is not known yet.';
const NOT_ASKED = 'The application was stopped before it could say.';
const FAILED = 'The application could not say: it failed, or took too long. Its log has the reason.';

function undetermined(uuid: string, lookAgainAt: number, why: string): Observation {
  return { uuid, outcome: { state: 'undetermined', lookAgainAt, why } };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
}
