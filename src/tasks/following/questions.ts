import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../task.entity.js';
import { recordTogether } from './record-together.js';
import type { Observation, TaskObserver } from './task-observer.js';

/** The observer to ask, and what happens with its answers. */
export interface QuestionsOptions {
  observer: Pick<TaskObserver, 'observe'> & { terms: Pick<TaskObserver['terms'], 'batch' | 'atOnce'> };
  /** Records an observation of a task. */
  record: (observation: Observation, task: Task) => Promise<void>;
  /** Called when there was no answer, or it could not be recorded; the leases of the tasks end by themselves. */
  onError: (error: unknown) => void;
  /** Called when an answer was recorded. */
  onSuccess?: () => void;
  /** How long to wait for one question to end before the other tasks are given back, in ms. @default 5000 */
  patienceMs?: number;
}

/**
 * Asks an observer about tasks, in a few questions at a time. One without an answer delays neither the others nor a
 * stop.
 */
export class Questions {
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(private readonly options: QuestionsOptions) {}

  /** Whether one more question may be asked, now or soon. */
  async hasRoom(): Promise<boolean> {
    const { observer, patienceMs = 5000 } = this.options;
    const isFree = () => this.running.size < observer.terms.atOnce && !this.stopping.signal.aborted;
    if (isFree()) return true;
    const patience = new AbortController();
    const pause = sleep(patienceMs, undefined, { signal: patience.signal, ref: false });
    await Promise.race([...this.running, pause.catch(() => undefined)]);
    patience.abort();
    return isFree();
  }

  /** @returns the tasks that it could not ask about, since other questions take too long */
  async askAbout(tasks: readonly Task[]): Promise<Task[]> {
    const left = [...tasks];
    while (left.length > 0 && (await this.hasRoom())) {
      this.begin(left.splice(0, this.options.observer.terms.batch));
    }
    return left;
  }

  /** Asks no more. Questions without an answer are given up, if the observer supports that. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running);
  }

  private begin(tasks: Task[]): void {
    const question = this.ask(tasks).finally(() => this.running.delete(question));
    this.running.add(question);
  }

  private async ask(tasks: Task[]): Promise<void> {
    const { observer, record, onError, onSuccess } = this.options;
    const byUuid = new Map(tasks.map((task) => [task.uuid, task]));
    try {
      const observations = await observer.observe(tasks, this.stopping.signal);
      await recordTogether(observations, async (observation) => {
        const task = byUuid.get(observation.uuid);
        if (task !== undefined) await record(observation, task);
      });
      onSuccess?.();
    } catch (error) {
      onError(error);
    }
  }
}
