import type { Clock } from '../../src/client/clock.js';

interface Timer {
  at: number;
  end: () => void;
}

/** Turns of the event loop in which whatever needs no time can happen. */
const IDLE_TURNS = 3;

/** Time that passes at once when everybody waits, and in the right order. */
export class VirtualClock implements Clock {
  private time = Date.parse('2026-01-31T12:00:00Z');
  private readonly timers = new Set<Timer>();
  private isRunning = false;

  /** @param random where chance comes from; the most by default, so that waits are known */
  constructor(readonly random: () => number = () => 1) {}

  readonly now = (): number => this.time;

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const end = () => {
        this.timers.delete(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = { at: this.time + ms, end };
      if (signal?.aborted) return resolve();
      signal?.addEventListener('abort', end);
      this.timers.add(timer);
      if (!this.isRunning) void this.run();
    });

  private async run(): Promise<void> {
    this.isRunning = true;
    while (this.timers.size > 0) {
      for (let turn = 0; turn < IDLE_TURNS; turn += 1) await new Promise(setImmediate);
      const [next] = [...this.timers].sort((one, other) => one.at - other.at);
      if (next === undefined) break;
      this.time = Math.max(this.time, next.at);
      next.end();
    }
    this.isRunning = false;
  }
}
