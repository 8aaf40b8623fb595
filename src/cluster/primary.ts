import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { SumOfFigures } from './sum-of-figures.js';
import { type Ending, WorkerProcess } from './worker-process.js';

/** The signals that stop a server. */
const SIGNALS: NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'];

/** A worker that has lived for this long did not end because of its start, in milliseconds. */
const STEADY_MS = 60_000;

/** The pauses before restarting a worker that keeps ending: from the first to the longest, in milliseconds. */
const PAUSES_MS = [250, 30_000] as const;

/** The server cannot start; the failed worker has printed the reason. */
export class WorkerNotStartedError extends Error {
  constructor(readonly ending: Ending) {
    super(
      `A server process was ended by ${ending.signal ?? `itself with ${ending.code}`} before it was ready.`,
    );
  }
}

/**
 * The process that keeps the workers of a server running. It answers no requests: it takes connections from the port
 * and hands them out in turn. Nothing that must survive is kept in it; that is in the database.
 */
export class Primary {
  private readonly workers = new Set<WorkerProcess>();
  private readonly sum = new SumOfFigures();
  private stopSignal: NodeJS.Signals | null = null;
  private readonly onSignal = (signal: NodeJS.Signals) => void this.stop(signal);

  constructor(
    private readonly count: number,
    private readonly log: Logger,
  ) {}

  /**
   * Starts all workers. The first one starts alone: it migrates the database, and a problem is reported once.
   *
   * @returns the server's address; never resolves if the server is stopped before
   * @throws WorkerNotStartedError when a worker cannot start
   */
  async start(): Promise<string> {
    for (const signal of SIGNALS) process.on(signal, this.onSignal);
    const first = this.fork();
    const url = await this.started(first);
    const others = Array.from({ length: this.count - 1 }, () => this.fork());
    await Promise.all(others.map((worker) => this.started(worker)));
    for (const worker of [first, ...others]) void this.keep(worker);
    return url;
  }

  private fork(): WorkerProcess {
    const worker = new WorkerProcess(() => this.figures());
    this.workers.add(worker);
    void worker.ended.then(() => {
      this.workers.delete(worker);
      this.sum.end(worker.id);
    });
    return worker;
  }

  private async started(worker: WorkerProcess): Promise<string> {
    const outcome = await Promise.race([worker.ready, worker.ended]);
    if (this.stopSignal !== null) return new Promise(() => undefined);
    if (typeof outcome === 'string') return outcome;
    throw new WorkerNotStartedError(outcome);
  }

  /** Keeps a worker running: when one ends, starts another, at once, or after growing pauses if they keep ending. */
  private async keep(worker: WorkerProcess): Promise<void> {
    let pause = 0;
    for (;;) {
      const since = Date.now();
      const { code, signal } = await worker.ended;
      if (this.stopSignal !== null) return;
      pause = Date.now() - since > STEADY_MS ? 0 : Math.min(Math.max(PAUSES_MS[0], 2 * pause), PAUSES_MS[1]);
      const facts = { context: Primary.name, worker: worker.pid, code, signal };
      this.log.warn(facts, `A worker has ended; another one starts in ${pause} ms`);
      await sleep(pause);
      if (this.stopSignal !== null) return;
      worker = this.fork();
      await Promise.race([worker.ready, worker.ended]);
      if (!worker.isReady && ![...this.workers].some(({ isReady }) => isReady)) this.giveUp();
    }
  }

  /** Without workers there is no server: its supervisor should see it end. */
  private giveUp(): void {
    if (this.stopSignal !== null) return;
    process.stderr.write('tasktag: No server process is left, and none can be started.\n');
    process.exit(1);
  }

  /** Lets each worker answer its running requests, and ends with the last one. */
  private async stop(signal: NodeJS.Signals): Promise<void> {
    if (this.stopSignal !== null) return;
    this.stopSignal = signal;
    const workers = [...this.workers];
    for (const worker of workers) worker.kill(signal);
    const endings = await Promise.all(workers.map(({ ended }) => ended));
    if (endings.some(({ code }) => code !== null && code > 0)) process.exit(1);
    for (const each of SIGNALS) process.off(each, this.onSignal);
    process.kill(process.pid, signal);
  }

  private async figures(): Promise<string> {
    const workers = [...this.workers].filter(({ isReady }) => isReady);
    const told = await Promise.all(
      workers.map(async (worker) => [worker.id, await worker.figures()] as const),
    );
    // A worker that has ended meanwhile is in the sum already.
    const present = workers.filter((worker) => this.workers.has(worker)).map(({ id }) => id);
    return this.sum.text(new Map(told.filter(([id]) => present.includes(id))));
  }
}
