import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { within } from '../../../storage/within.js';
import type { Task } from '../../task.entity.js';
import { TASKS_OPTIONS, type TasksOptions } from '../../tasks.options.js';

/**
 * The recorded requests that are being carried out. A server that stops waits for them, also for those whose client
 * has gone, so that their outcomes are recorded and need not be found out later.
 *
 * It does so twice. First for those that are there: Nest still listens, so to wait for all would be to wait for as long
 * as clients send. Then, when nobody can send any more, for those that came meanwhile (`end-of-stop.ts`).
 */
@Injectable()
export class RequestsInFlight implements BeforeApplicationShutdown {
  private readonly logger = new Logger(RequestsInFlight.name);
  private readonly requests = new Map<Promise<unknown>, Task | null>();
  private readonly answers = new Set<Promise<void>>();
  /** Those that a stop has waited for in vain, and waits for no longer. */
  private readonly notAwaited = new WeakSet<Promise<unknown>>();
  /** When a stop waits no longer; `null` before it has begun. */
  private until: number | null = null;

  constructor(@Inject(TASKS_OPTIONS) private readonly options: TasksOptions) {}

  /**
   * Keeps the application from ending until a request is settled.
   *
   * @param task what it is recorded as; `null` when it is not, or not yet
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

  /** Fulfilled when the requests that are there now have ended, or a stop has waited for long enough. */
  async drain(): Promise<void> {
    const { drainMs } = this.options;
    this.until ??= performance.now() + drainMs;
    const requests = [...this.requests.keys()].filter((request) => !this.notAwaited.has(request));
    try {
      await within(
        Math.max(0, this.until - performance.now()),
        Promise.allSettled([...requests, ...this.answers]),
      );
    } catch {
      const open = requests.filter((request) => this.requests.has(request));
      // The outcome of a request whose client does not read its answer is known.
      if (open.length > 0) this.stopWaiting(open);
    }
  }

  private stopWaiting(requests: Promise<unknown>[]): void {
    for (const request of requests) this.notAwaited.add(request);
    const tasks = requests.map((request) => this.requests.get(request)).filter((task) => task != null);
    const uuids = tasks.map(({ uuid }) => uuid);
    this.logger.warn(
      `Shutdown: requests still running after ${this.options.drainMs} ms: ${requests.length}. Their tasks will be ` +
        `resolved later: ${uuids.slice(0, MOST_NAMED).join(', ')}${uuids.length > MOST_NAMED ? ', …' : ''}`,
    );
  }
}

/** The most tasks that a line of the log names. */
const MOST_NAMED = 20;
