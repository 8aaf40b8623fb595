import { Injectable, Logger } from '@nestjs/common';
import { type Channel, channel } from 'node:diagnostics_channel';
import { TaskRecorder } from '../recording/task.recorder.js';
import { ExpiredTasks } from '../retention/expired-tasks.js';
import { TASK_EVENTS, type TaskEvents } from './task-event.js';

/** Gets an event, at once and in the way of the request that caused it: it should be quick. */
export type TaskListener<Name extends keyof TaskEvents> = (event: TaskEvents[Name]) => unknown;

/**
 * Events of the tasks of this process. What other processes do is not told here.
 *
 * The same events go to the channels `tasktag:recorded`, `tasktag:refused` and so on of Node's `diagnostics_channel`, for
 * tools that know nothing of Nest.
 */
@Injectable()
export class TasksEvents {
  private readonly logger = new Logger('TasksEvents');
  private readonly listeners = new Map<string, Set<(event: never) => unknown>>();
  private readonly channels = new Map<string, Channel>();

  /** @internal */
  constructor(recorder: TaskRecorder, expired: ExpiredTasks) {
    for (const name of TASK_EVENTS) this.channels.set(name, channel(`tasktag:${name}`));
    recorder.recorded.subscribe((task) => this.emit('recorded', task));
    recorder.refused.subscribe(({ code, task }) => this.emit('refused', { code, first: task }));
    recorder.answered.subscribe((first) => this.emit('answered', first));
    recorder.settled.subscribe(({ uuid, state }) => {
      this.emit('settled', { uuid, state });
      if (state === 'unknown') this.emit('unknown', { uuid, state });
    });
    expired.dropped.subscribe((uuids) => this.emit('swept', { uuids }));
  }

  /**
   * Calls a listener at each event of a name. If it throws, or returns a promise that rejects, that is logged, and
   * changes nothing.
   *
   * @returns ends it
   */
  on<Name extends keyof TaskEvents>(name: Name, listener: TaskListener<Name>): () => void {
    if (!TASK_EVENTS.includes(name)) {
      throw new TypeError(`There are no events ${String(name)}: choose one of ${TASK_EVENTS.join(', ')}.`);
    }
    // The same function may listen twice.
    const own = (event: TaskEvents[Name]) => listener(event);
    const listeners = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, listeners.add(own));
    return () => void listeners.delete(own);
  }

  private emit<Name extends keyof TaskEvents>(name: Name, event: TaskEvents[Name]): void {
    const channel = this.channels.get(name);
    if (channel?.hasSubscribers === true) channel.publish(event);
    const listeners = this.listeners.get(name);
    if (listeners === undefined) return;
    for (const listener of listeners) this.call(name, () => listener(event as never));
  }

  private call(name: string, listen: () => unknown): void {
    const failed = (error: unknown) => this.logger.error(error, `A listener of the event ${name} failed`);
    try {
      Promise.resolve(listen()).catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}
