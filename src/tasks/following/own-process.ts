import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { InFlightByKey } from '../../http/in-flight.js';
import type { Task } from '../task.entity.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';

/** This process, or rather this application in it: its id, and its recorded tasks that have no outcome yet. */
@Injectable()
export class OwnProcess {
  /** The id in its tasks; `null` when it does not report that it is alive. */
  readonly id: string | null;
  private readonly open = new InFlightByKey<Task>();

  // Not taken apart here: a host's compiler would look for an option that the types of the package do not have.
  constructor(@Inject(TASKS_OPTIONS) options: TasksOptions) {
    this.id = options.heartbeat ? randomBytes(12).toString('base64url') : null;
  }

  /** A task was recorded, and its handler will run here. */
  begins(task: Task): void {
    if (this.id !== null) this.open.set(task.uuid, task);
  }

  /** The outcome of a task is on record. */
  ends(uuid: string): void {
    this.open.delete(uuid);
  }

  /**
   * The due tasks whose handlers no longer run here: their outcome could not be written, or was written in the
   * handler's own transaction.
   */
  leftBehind(now: number, inFlight: readonly Task[]): string[] {
    const running = new Set(inFlight.map(({ uuid }) => uuid));
    const isLeft = ({ uuid, nextLook }: Task) => (nextLook === null || nextLook <= now) && !running.has(uuid);
    return [...this.open].filter(isLeft).map(({ uuid }) => uuid);
  }
}
