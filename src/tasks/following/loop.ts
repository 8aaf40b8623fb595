import { SaidOnce } from './said-once.js';

/** The longest time of Node's timers; a step that is further away waits to be woken. */
const LONGEST_MS = 2 ** 31 - 1;

/** A step that is repeated, and its terms. */
export interface LoopOptions {
  /**
   * Takes one step. `signal` is aborted at a stop.
   *
   * @returns how long to wait before the next time, in milliseconds; `Infinity`: until it is woken
   */
  step: (signal: AbortSignal) => Promise<number>;
  /** How long to wait after a failure, in milliseconds. */
  pauseMs: number;
  /** Called with the reason of a failure: once for each reason, until a step succeeds again. */
  onError: (message: string) => void;
}

/**
 * Repeats a step until it is stopped. It does not keep the process alive, and each step runs in the asynchronous
 * context in which the loop was started, whichever code wakes it.
 */
export class Loop {
  private readonly stopping = new AbortController();
  private readonly trouble: SaidOnce;
  private running: Promise<void> = Promise.resolve();
  /** When the next step is due, by `performance.now()`. */
  private due = Infinity;
  private timer: NodeJS.Timeout | undefined;
  /** Ends the pause; `null` while a step is under way. */
  private resume: (() => void) | null = null;

  constructor(private readonly options: LoopOptions) {
    this.trouble = new SaidOnce(options.onError);
  }

  start(): void {
    this.running = this.run();
  }

  /** Takes the next step after this time at the latest, in milliseconds; during a step, one more after it. */
  wake(inMs = 0): void {
    this.due = Math.min(this.due, performance.now() + inMs);
    this.schedule();
  }

  /** Begins no more steps, and waits for the one under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.resume?.();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      this.due = Infinity;
      const pause = await this.step(signal);
      this.due = Math.min(this.due, performance.now() + pause);
      if (!signal.aborted) await this.pause();
    }
  }

  private async step(signal: AbortSignal): Promise<number> {
    try {
      const pause = await this.options.step(signal);
      this.trouble.succeeded();
      return pause;
    } catch (error) {
      this.trouble.failed(error);
      return this.options.pauseMs;
    }
  }

  private async pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.resume = resolve;
      this.schedule();
    });
    this.resume = null;
    clearTimeout(this.timer);
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.resume === null) return;
    const ms = this.due - performance.now();
    if (ms <= LONGEST_MS) this.timer = setTimeout(this.resume, Math.max(0, ms)).unref();
  }
}
