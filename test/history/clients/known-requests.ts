import type { RequestEntry } from '../journal/entries.js';
import type { Message } from './wire.js';

/** A request that a client has begun to send, with its bytes. */
export interface KnownRequest extends RequestEntry {
  message: Message;
}

/** What clients write down before they send: whoever likes may ask about it, or send it again. */
export class KnownRequests {
  private readonly all: KnownRequest[] = [];
  private readonly tasks = new Map<string, string[]>();

  add(request: KnownRequest): void {
    this.all.push(request);
  }

  /** Keeps what is learnt of a tag's tasks, to ask for them by uuid. */
  learn(tag: string, uuids: string[]): void {
    this.tasks.set(tag, [...new Set([...(this.tasks.get(tag) ?? []), ...uuids])]);
  }

  tasksOf(tag: string): readonly string[] {
    return this.tasks.get(tag) ?? [];
  }

  get requests(): readonly KnownRequest[] {
    return this.all;
  }

  get tags(): string[] {
    return [...new Set(this.all.map(({ tag }) => tag))];
  }
}
