import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../errors/message-of.js';
import type { Task } from '../task.entity.js';
import type { Outcome } from '../task.states.js';
import type { TasksOptions } from '../tasks.options.js';

/** Who is asked, and how. */
export interface InquiriesOptions {
  settle: NonNullable<TasksOptions['settle']>;
  /** Records an answer. */
  record: (task: Task, outcome: Outcome | null) => Promise<void>;
  /**
   * Takes a task back of which nothing was recorded.
   *
   * @param trouble why; `null` when the application stops
   */
  giveBack: (task: Task, trouble: string | null) => Promise<void>;
  /** The most tasks that are asked about at the same time. @default 4 */
  most?: number;
  /** How long an answer may take, in milliseconds. @default 30000 */
  limitMs?: number;
  /** How long to wait for one of those under way to end before the others are given back, in ms. @default 5000 */
  patienceMs?: number;
}

/** Asks the host what became of tasks, a few at a time. One that gets no answer holds up neither the others nor a stop. */
export class Inquiries {
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private readonly options: Required<InquiriesOptions>;

  constructor(options: InquiriesOptions) {
    this.options = { most: 4, limitMs: 30_000, patienceMs: 5000, ...options };
  }

  /** @returns the tasks that it could not ask about, since others take so long */
  async askAbout(tasks: readonly Task[]): Promise<Task[]> {
    const left = [...tasks];
    while (left.length > 0 && (await this.hasRoom())) this.begin(left.shift() as Task);
    return left;
  }

  /** Asks about nothing any more. What is not answered by now is dropped. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running);
  }

  private async hasRoom(): Promise<boolean> {
    const isFree = () => this.running.size < this.options.most && !this.stopping.signal.aborted;
    if (isFree()) return true;
    const patience = new AbortController();
    const pause = sleep(this.options.patienceMs, undefined, { signal: patience.signal, ref: false });
    await Promise.race([...this.running, pause.catch(() => undefined)]);
    patience.abort();
    return isFree();
  }

  private begin(task: Task): void {
    const inquiry = this.inquire(task).finally(() => this.running.delete(inquiry));
    this.running.add(inquiry);
  }

  private async inquire(task: Task): Promise<void> {
    try {
      await this.options.record(task, await this.answer(task));
    } catch (error) {
      const trouble = this.stopping.signal.aborted ? null : messageOf(error);
      // When not even that can be written, the database is away, which the sweep says by itself.
      await this.options.giveBack(task, trouble).catch(() => undefined);
    }
  }

  /** @throws Error when it takes too long, or there is a stop */
  private async answer(task: Task): Promise<Outcome | null> {
    const { settle, limitMs } = this.options;
    const given = new AbortController();
    const stop = () => given.abort(new Error('the application stops'));
    this.stopping.signal.addEventListener('abort', stop);
    const timer = setTimeout(() => given.abort(new Error(`no answer in ${limitMs} ms`)), limitMs).unref();
    try {
      // A host without types may answer `undefined`.
      return (await Promise.race([aborted(given.signal), settle(task, given.signal)])) ?? null;
    } finally {
      clearTimeout(timer);
      this.stopping.signal.removeEventListener('abort', stop);
    }
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
}
