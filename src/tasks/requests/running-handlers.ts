import { Injectable } from '@nestjs/common';

/** A handler at work, of a task. */
export interface RunningHandler {
  readonly task: { uuid: string };
  /**
   * Whether it has ended its task in a transaction. That may be open yet, in an interceptor that stands before: to record
   * the end once more would wait for it, and it for us.
   */
  hasEndedItself: boolean;
}

/** The handlers of this process that are at work, by their tasks. */
@Injectable()
export class RunningHandlers {
  private readonly handlers = new Map<string, RunningHandler>();

  add(handler: RunningHandler): void {
    this.handlers.set(handler.task.uuid, handler);
  }

  remove({ task }: RunningHandler): void {
    this.handlers.delete(task.uuid);
  }

  /** A task was ended in a transaction. When its handler is not at work here, nothing is to be remembered. */
  endedItself(uuid: string): void {
    const handler = this.handlers.get(uuid);
    if (handler !== undefined) handler.hasEndedItself = true;
  }
}
