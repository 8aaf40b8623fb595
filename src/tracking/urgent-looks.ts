/** Pauses before the next look at a task that had not ended, in milliseconds. */
const PAUSES_MS = [150, 400, 1000];

/** Tasks that are looked at together. */
const BATCH = 200;

/** Looks at tasks, and tells which of them need no further look. */
export type LookAt = (uuids: string[]) => Promise<ReadonlySet<string>>;

/**
 * Looks at tasks at once of which there is news, apart from the sweeps, which may be at something slow. The compute
 * service may write down an end just after it has told it: so a task that has not ended is looked at a few times
 * more. After that it is left to the sweeps.
 */
export class UrgentLooks {
  /** Tasks to be looked at, and how often they were. */
  private readonly waiting = new Map<string, number>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private running: Promise<void> | null = null;
  private isStopped = false;

  constructor(
    private readonly lookAt: LookAt,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Looks at a task as soon as the looks before have ended. */
  ask(uuid: string): void {
    this.enqueue(uuid, 0);
  }

  /** Begins no more looks, and waits for the one under way. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.waiting.clear();
    for (const timer of this.timers) clearTimeout(timer);
    await this.running;
  }

  private enqueue(uuid: string, attempt: number): void {
    if (this.isStopped) return;
    this.waiting.set(uuid, Math.min(attempt, this.waiting.get(uuid) ?? attempt));
    this.running ??= this.run();
  }

  private async run(): Promise<void> {
    // What comes together is looked at together.
    await Promise.resolve();
    while (this.waiting.size > 0) {
      const batch = [...this.waiting].slice(0, BATCH);
      for (const [uuid] of batch) this.waiting.delete(uuid);
      try {
        const ended = await this.lookAt(batch.map(([uuid]) => uuid));
        for (const [uuid, attempt] of batch) if (!ended.has(uuid)) this.lookLater(uuid, attempt);
      } catch (error) {
        this.onError(error);
      }
    }
    this.running = null;
  }

  private lookLater(uuid: string, attempt: number): void {
    const pause = PAUSES_MS[attempt];
    if (pause === undefined || this.isStopped) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.enqueue(uuid, attempt + 1);
    }, pause);
    this.timers.add(timer);
  }
}
