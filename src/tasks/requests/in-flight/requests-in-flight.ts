import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { InFlight } from '../../../http/in-flight.js';
import { isOver, onceOver } from '../../../http/once-over.js';
import { within } from '../../../storage/within.js';
import type { Task } from '../../task.entity.js';
import { TASKS_OPTIONS, type TasksOptions } from '../../tasks.options.js';

/** A request that is being carried out, and its task. */
interface Running {
  request: Promise<unknown>;
  task: Task | null;
}

/**
 * The recorded requests that are being carried out. A stopping server waits for them, even if their clients have gone,
 * so that their outcomes are recorded and need not be looked up later.
 *
 * It waits twice: first for the requests of the moment when the stop begins, since Nest still listens, and a wait for all would last as
 * long as clients send; then, when no client can send any more, for those that came meanwhile (`end-of-stop.ts`).
 */
@Injectable()
export class RequestsInFlight implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(RequestsInFlight.name);
  private readonly requests = new InFlight<Running>();
  private readonly answers = new InFlight<ServerResponse>();
  /** Requests that a stop has waited for in vain, and no longer waits for. */
  private readonly notAwaited = new WeakSet<Promise<unknown>>();
  /** What ran when the stop began. */
  private ofTheBeginning: Promise<unknown>[] = [];
  /** The time until which a stop waits; `null` before it has begun. */
  private until: number | null = null;

  constructor(@Inject(TASKS_OPTIONS) private readonly options: TasksOptions) {}

  /**
   * Keeps the application running until a request is settled.
   *
   * @param task its task; `null` if it is not recorded, or not yet
   */
  untilSettled<T>(task: Task | null, request: Promise<T>): Promise<T> {
    const place = this.requests.add({ request, task });
    const forget = () => this.requests.remove(place);
    request.then(forget, forget);
    return request;
  }

  /** Keeps the application running until an answer has been sent, or its client has gone. */
  untilSent(answer: ServerResponse): void {
    if (isOver(answer)) return;
    const place = this.answers.add(answer);
    onceOver(answer, () => this.answers.remove(place));
  }

  /** The tasks of the requests that are being carried out. */
  tasks(): Task[] {
    return [...this.requests].map(({ task }) => task).filter((task) => task !== null);
  }

  /** The stop begins. What else it does first may take a while, in which more requests come. */
  onModuleDestroy(): void {
    this.ofTheBeginning = this.ofNow();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.endOf(this.ofTheBeginning);
    this.ofTheBeginning = [];
  }

  /** Fulfilled when the requests of this moment have ended, or a stop has waited long enough. */
  drain(): Promise<void> {
    return this.endOf(this.ofNow());
  }

  private ofNow(): Promise<unknown>[] {
    const requests = [...this.requests].map(({ request }) => request);
    const awaited = requests.filter((request) => !this.notAwaited.has(request));
    return [...awaited, ...[...this.answers].map(untilOver)];
  }

  private async endOf(work: Promise<unknown>[]): Promise<void> {
    this.until ??= performance.now() + this.options.drainMs;
    try {
      await within(Math.max(0, this.until - performance.now()), Promise.allSettled(work));
    } catch {
      const waited = new Set(work);
      const requests = [...this.requests].filter(({ request }) => waited.has(request));
      // The outcome is already known if only the client does not read its answer.
      if (requests.length > 0) this.stopWaiting(requests);
    }
  }

  private stopWaiting(requests: Running[]): void {
    for (const { request } of requests) this.notAwaited.add(request);
    const uuids = requests.flatMap(({ task }) => (task === null ? [] : [task.uuid]));
    this.logger.warn(
      `Shutdown: requests still running after ${this.options.drainMs} ms: ${requests.length}. Their tasks will be ` +
        `resolved later: ${uuids.slice(0, MOST_NAMED).join(', ')}${uuids.length > MOST_NAMED ? ', …' : ''}`,
    );
  }
}

/** Fulfilled once an answer has been handed to the system, or its connection is closed. */
function untilOver(answer: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    answer.once('finish', resolve);
    onceOver(answer, resolve);
  });
}

/** The most tasks in one line of the log. */
const MOST_NAMED = 20;
