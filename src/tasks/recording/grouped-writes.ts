import { AsyncResource } from 'node:async_hooks';
import { within } from '../../storage/within.js';
import type { TraceContext } from '../tracing/trace-context.js';
import { RecorderBusyError } from './recorder-busy.error.js';

/** How items are written in groups, and how many may wait. */
export interface GroupedWritesOptions<Item, Result> {
  /**
   * Writes a group, and returns the result of each item, in their order. If it rejects instead, each item gets that
   * error.
   */
  write: (group: Item[]) => Promise<PromiseSettledResult<Result>[]>;
  /**
   * The part of an item that may be in a group only once; a second item with it goes into a later group. @default none
   */
  keyOf?: (item: Item) => string;
  /** The most items of a group. */
  maxGroup: number;
  /** The most items that may wait; further ones are refused. */
  maxWaiting: number;
  /** How long an item waits, and how long a group may take, in milliseconds. */
  limitMs: number;
  /** Called with the size of each group that is sent. Must not throw. @default none */
  onGroup?: (size: number) => void;
  /** Where in which trace an item was asked for. @default none */
  originOf?: () => TraceContext | null;
  /** Carries out what writes a group, on behalf of the traces of its items. @default nothing more */
  onBehalfOf?: <T>(origins: TraceContext[], size: number, write: () => Promise<T>) => Promise<T>;
  /** The clock, in milliseconds. @default Date.now */
  now?: () => number;
}

/** The most groups that may hang, each on its own connection, before no more are sent. */
const MAX_HANGING = 4;

interface Waiting<Item, Result> {
  item: Item;
  since: number;
  origin: TraceContext | null;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Gathers writes while others are on their way, and sends them together. There is no window of time: a lone write goes
 * at the end of the event loop's turn, and groups grow by themselves when the database is slower than the requests.
 *
 * Groups go one after the other, so writes with the same key keep their order. A group that takes longer than the limit
 * is given up: its writes fail with an unknown result, and no longer hold up others.
 *
 * A group belongs to no request: it is sent outside the asynchronous context of any, and so without its transaction or
 * trace.
 */
export class GroupedWrites<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private running: Promise<void> | null = null;
  private hanging = 0;
  private readonly context = new AsyncResource('TasktagWrites');

  constructor(private readonly options: GroupedWritesOptions<Item, Result>) {}

  /** How many items wait for the groups that are on their way. */
  get length(): number {
    return this.waiting.length;
  }

  /**
   * Writes an item together with others; fulfilled when its group is committed.
   *
   * @throws RecorderBusyError when too many wait, or the database does not accept it in time; it was not sent
   * @throws Error with the code `ETIMEDOUT` when it was sent, and the database does not answer in time
   */
  write(item: Item): Promise<Result> {
    if (this.waiting.length >= this.options.maxWaiting) return Promise.reject(new RecorderBusyError());
    return new Promise((resolve, reject) => {
      const origin = this.options.originOf?.() ?? null;
      this.waiting.push({ item, since: this.now(), origin, resolve, reject });
      this.running ??= this.context.runInAsyncScope(() => this.run());
    });
  }

  /** Fulfilled when all items have been written, or given up. */
  async drain(): Promise<void> {
    while (this.running !== null) await this.running;
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      // Items that arrive in the same turn of the event loop go together.
      await new Promise(setImmediate);
      const group = this.next();
      if (this.hanging >= MAX_HANGING) for (const one of group) one.reject(new RecorderBusyError());
      else if (group.length > 0) await this.send(group);
    }
    this.running = null;
  }

  /** The next group. Items that have waited too long are dropped, since nobody waits for them any more. */
  private next(): Waiting<Item, Result>[] {
    const { keyOf, maxGroup, limitMs } = this.options;
    const group: Waiting<Item, Result>[] = [];
    const later: Waiting<Item, Result>[] = [];
    const keys = new Set<string>();
    const oldest = this.now() - limitMs;
    let taken = 0;
    for (; taken < this.waiting.length && group.length < maxGroup; taken += 1) {
      const one = this.waiting[taken] as Waiting<Item, Result>;
      const key = keyOf?.(one.item);
      if (one.since < oldest) one.reject(new RecorderBusyError());
      else if (key !== undefined && keys.has(key)) later.push(one);
      else {
        if (key !== undefined) keys.add(key);
        group.push(one);
      }
    }
    this.waiting.splice(0, taken, ...later);
    return group;
  }

  private async send(group: Waiting<Item, Result>[]): Promise<void> {
    this.options.onGroup?.(group.length);
    const written = this.writtenFor(group);
    try {
      const results = await within(this.options.limitMs, written);
      group.forEach(({ resolve, reject }, n) => {
        const result = results[n];
        if (result?.status === 'fulfilled') resolve(result.value);
        else reject(result?.reason ?? new Error('The result of a write is not known.'));
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
      if ((error as { code?: string }).code === 'ETIMEDOUT') this.hangs(written);
    }
  }

  private writtenFor(group: Waiting<Item, Result>[]): Promise<PromiseSettledResult<Result>[]> {
    const write = () => this.written(group.map(({ item }) => item));
    const { onBehalfOf } = this.options;
    if (onBehalfOf === undefined) return write();
    const origins = group.map(({ origin }) => origin).filter((origin) => origin !== null);
    return onBehalfOf(origins, group.length, write);
  }

  /** If `write` throws instead of rejecting, that must not end all further writes. */
  private async written(items: Item[]): Promise<PromiseSettledResult<Result>[]> {
    return this.options.write(items);
  }

  private hangs(written: Promise<unknown>): void {
    this.hanging += 1;
    const end = () => void (this.hanging -= 1);
    written.then(end, end);
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}
