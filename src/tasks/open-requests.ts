import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { within } from '../database/within.js';
import type { Task } from './task.entity.js';
import { TASKS_OPTIONS, type TasksOptions } from './tasks.options.js';

/**
 * The recorded requests that are being carried out. A server that stops waits for them, also for those whose client
 * has gone, so that what became of them is recorded and need not be found out.
 */
@Injectable()
export class OpenRequests implements BeforeApplicationShutdown {
  private readonly logger = new Logger(OpenRequests.name);
  private readonly requests = new Map<Promise<unknown>, Task | null>();
  private readonly answers = new Set<Promise<void>>();
  private drained: Promise<void> | null = null;

  constructor(@Inject(TASKS_OPTIONS) private readonly options: TasksOptions) {}

  /**
   * Keeps the application from ending until a request is settled.
   *
   * @param task what it is recorded as; `null` when it is not
   */
  untilSettled<T>(task: Task | null, request: Promise<T>): Promise<T> {
    this.requests.set(request, task);
    const forget = () => void this.requests.delete(request);
    request.then(forget, forget);
    return request;
  }

  /** Keeps the application from ending until an answer has gone out, or the client that waits for it. */
  untilSent(answer: ServerResponse): void {
    if (answer.destroyed || answer.writableFinished) return;
    const over = new Promise<void>((resolve) => void answer.once('finish', resolve).once('close', resolve));
    const sent = over.then(() => void this.answers.delete(sent));
    this.answers.add(sent);
  }

  /** The tasks of the requests that are being carried out. */
  tasks(): Task[] {
    return [...this.requests.values()].filter((task) => task !== null);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.drain();
  }

  /** Fulfilled when no request is being carried out any more, or those that are have been waited for long enough. */
  drain(): Promise<void> {
    return (this.drained ??= this.waitForAll());
  }

  private async waitForAll(): Promise<void> {
    const { drainMs } = this.options;
    try {
      await within(drainMs, this.allSent());
    } catch {
      // What became of one whose client does not read its answer is known.
      if (this.requests.size === 0) return;
      const uuids = this.tasks().map(({ uuid }) => uuid);
      this.logger.warn(
        `Requests that have not ended in ${drainMs} ms are left: ${this.requests.size}. What becomes of their tasks ` +
          `is to be found out: ${uuids.slice(0, MOST_NAMED).join(', ')}${uuids.length > MOST_NAMED ? ', …' : ''}`,
      );
    }
  }

  private async allSent(): Promise<void> {
    while (this.requests.size + this.answers.size > 0) {
      await Promise.allSettled([...this.requests.keys(), ...this.answers]);
    }
  }
}

/** The most tasks that a line of the log names. */
const MOST_NAMED = 20;
