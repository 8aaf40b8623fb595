import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../errors/message-of.js';

/** What is done again and again. */
export interface LoopOptions {
  /** Does it once, and says how long to wait before the next time, in milliseconds. */
  step: () => Promise<number>;
  /** How long to wait when it failed, in milliseconds. */
  pauseMs: number;
  /** Told why it failed; when it goes on failing for the same reason, only once. */
  onError: (message: string) => void;
}

/** Does something again and again until it is stopped. It does not keep the process alive. */
export class Loop {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: LoopOptions) {}

  start(): void {
    this.running = this.run();
  }

  /** Begins no further step, and waits for the one under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let trouble: string | null = null;
    while (!signal.aborted) {
      let pause = this.options.pauseMs;
      try {
        pause = await this.options.step();
        trouble = null;
      } catch (error) {
        const message = messageOf(error);
        if (message !== trouble) this.options.onError(message);
        trouble = message;
      }
      await sleep(pause, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
