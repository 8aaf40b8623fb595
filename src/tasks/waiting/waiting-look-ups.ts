import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { ServerResponse } from 'node:http';
import { ApiError } from '../../errors/api-error.js';
import { nodeResponse } from '../../http/node-http.js';
import { isOver, onceOver } from '../../http/once-over.js';
import { requestFact } from '../../http/request-fact.js';
import type { Task } from '../task.entity.js';
import { ClientGoneError } from '../task.errors.js';
import { isEnded } from '../task.states.js';
import type { AskedWait } from './asked-wait.js';
import type { TasksOf } from './awaited.js';
import type { GoneSignal, Limits } from './limits.js';
import { TaskWaits } from './task-waits.js';

/** When a client that waited in vain may ask again, in seconds. It may wait again. */
const RETRY_AFTER_S = 1;

const { set: setWaiting, known } = requestFact<true>('WaitingLookUps');

/** Whether the answer to a request came, or comes, after a wait that its client asked for. */
export function hasWaited(response: ServerResponse): boolean {
  return known(response) === true;
}

/**
 * Look-ups of clients that wait. The answer tells things as they are when the wait is over, whatever ended it; if tasks
 * are still open then, or none has arrived, it has `Retry-After`.
 */
@Injectable()
export class WaitingLookUps {
  constructor(
    private readonly waits: TaskWaits,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  /**
   * Looks up a list: if the client asked for it, once all tasks of a group have ended.
   *
   * @param response the platform's; its headers must not have been sent
   * @param groups gives what is waited for: the first group that has a task counts
   * @throws what the look-up throws
   */
  async list<Found extends { tasks: readonly Task[] }>(
    response: object,
    asked: AskedWait | null,
    groups: () => readonly TasksOf[],
    look: () => Promise<Found>,
  ): Promise<Found> {
    if (asked === null) return look();
    const isMet = await this.wait(response, asked, (limits) => this.waits.untilAllEnded(groups(), limits));
    try {
      const found = await look();
      // What is shown may be newer than the end of the wait.
      if (!isMet || !found.tasks.every(({ state }) => isEnded(state))) this.retryLater(response);
      return found;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) this.retryLater(response);
      throw error;
    }
  }

  /**
   * Looks up one task: if the client asked for it, once it has ended.
   *
   * @param response the platform's; its headers must not have been sent
   * @param look finds it; it is called once more after a wait
   * @throws what the look-up throws, at once: the uuid of a task is known only once there is one
   */
  async one<Found extends { task: Task }>(
    response: object,
    asked: AskedWait | null,
    look: () => Promise<Found>,
  ): Promise<Found> {
    let found = await look();
    if (asked === null) return found;
    const { uuid } = found.task;
    if (isEnded(found.task.state)) this.confirm(response, asked);
    else {
      await this.wait(response, asked, (limits) => this.waits.untilEnded(uuid, limits));
      found = await look();
    }
    if (!isEnded(found.task.state)) this.retryLater(response);
    return found;
  }

  private async wait(
    response: object,
    asked: AskedWait,
    until: (limits: Limits) => Promise<boolean>,
  ): Promise<boolean> {
    this.confirm(response, asked);
    if (asked.seconds > 0) setWaiting(nodeResponse(response), true);
    return untilOrGone(response, (signal) => until({ ms: asked.seconds * 1000, signal }));
  }

  private confirm(response: object, { seconds, isPreferred }: AskedWait): void {
    if (isPreferred) this.setHeader(response, 'Preference-Applied', `wait=${seconds}`);
  }

  private retryLater(response: object): void {
    this.setHeader(response, 'Retry-After', String(RETRY_AFTER_S));
  }

  private setHeader(response: object, name: string, value: string): void {
    this.adapterHost.httpAdapter.setHeader(response, name, value);
  }
}

/** @throws ClientGoneError when the client hangs up meanwhile */
async function untilOrGone(
  response: object,
  wait: (signal: GoneSignal) => Promise<boolean>,
): Promise<boolean> {
  const raw = nodeResponse(response);
  const isMet = await wait(closing(raw));
  if (isOver(raw)) throw new ClientGoneError();
  return isMet;
}

/** Aborts when the client of a response hangs up. */
function closing(response: ServerResponse): GoneSignal {
  let cancel = () => undefined as void;
  return {
    get aborted() {
      return isOver(response);
    },
    addEventListener: (_, listener) => {
      cancel = onceOver(response, listener);
    },
    removeEventListener: () => cancel(),
  };
}
