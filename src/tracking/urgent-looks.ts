import { Loop } from '../tasks/following/loop.js';

/** Pauses before the next look at a task that has not ended, in milliseconds. */
const PAUSES_MS = [150, 400, 1000];

/** Tasks that are looked at together. */
const BATCH = 200;

/** Looks at tasks, and returns those that need no further look. */
export type LookAt = (uuids: string[]) => Promise<ReadonlySet<string>>;

/** A task to look at: how often that was done, and when the next look is due, by `performance.now()`. */
interface Waiting {
  looks: number;
  due: number;
}

/**
 * Looks at once at tasks with news, independently of the follower, which may be busy. The compute service may write
 * down an end just after announcing it, so a task that has not ended is looked at a few more times. After that it is
 * left to the follower.
 */
export class UrgentLooks {
  private readonly waiting = new Map<string, Waiting>();
  private readonly loop: Loop;
  private isStopped = false;

  constructor(
    private readonly lookAt: LookAt,
    onError: (message: string) => void,
  ) {
    this.loop = new Loop({ step: () => this.look(), pauseMs: 0, onError });
  }

  start(): void {
    this.loop.start();
  }

  /** Looks at a task as soon as the earlier looks have ended. */
  ask(uuid: string): void {
    if (this.isStopped) return;
    this.waiting.set(uuid, { looks: 0, due: performance.now() });
    this.loop.wake();
  }

  /** Begins no more looks, and waits for the one under way. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.loop.stop();
  }

  /** @returns how long until the next look, in milliseconds */
  private async look(): Promise<number> {
    const now = performance.now();
    const batch = [...this.waiting].filter(([, { due }]) => due <= now).slice(0, BATCH);
    for (const [uuid] of batch) this.waiting.delete(uuid);
    if (batch.length > 0) {
      const ended = await this.lookAt(batch.map(([uuid]) => uuid));
      for (const [uuid, { looks }] of batch) if (!ended.has(uuid)) this.lookLater(uuid, looks);
    }
    const next = Math.min(...[...this.waiting.values()].map(({ due }) => due));
    return Math.max(0, next - performance.now());
  }

  private lookLater(uuid: string, looks: number): void {
    const pause = PAUSES_MS[looks];
    // A task with new news meanwhile is looked at first.
    if (pause === undefined || this.waiting.has(uuid)) return;
    this.waiting.set(uuid, { looks: looks + 1, due: performance.now() + pause });
  }
}
