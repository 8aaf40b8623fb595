import cluster, { type Worker } from 'node:cluster';
import { Dialogue } from './dialogue.js';
import { closeWhatItHasNotTaken } from './handed-connections.js';
import type { WorkerFigures } from './sum-of-figures.js';
import type { ReadyMessage } from './worker.js';

/** How long a worker may take to report, in milliseconds, so that one that hangs does not hide the others' metrics. */
const PATIENCE_MS = 2500;

/** How a process has ended. */
export interface Ending {
  code: number | null;
  signal: string | null;
}

/** A worker, as the primary sees it. */
export class WorkerProcess {
  /** Resolves to the server's address when it takes requests; never, if it ends before. */
  readonly ready: Promise<string>;
  readonly ended: Promise<Ending>;
  isReady = false;
  private readonly worker: Worker;
  private readonly dialogue: Dialogue;

  /** Starts it. It prints the reason itself if it cannot start. */
  constructor(figuresOfAll: () => Promise<string>) {
    this.worker = cluster.fork();
    closeWhatItHasNotTaken(this.worker);
    this.dialogue = new Dialogue(this.worker, { figures: figuresOfAll });
    this.ready = new Promise((resolve) => {
      this.worker.on('message', (message: Partial<ReadyMessage> | null) => {
        if (message?.tasktag !== 'ready') return;
        this.isReady = true;
        resolve(message.url ?? '');
      });
    });
    this.ended = new Promise((resolve) => {
      this.worker.once('exit', (code: number | null, signal: string | null) => {
        this.isReady = false;
        resolve({ code, signal });
      });
    });
    // The message no longer reaches it; its end is noticed anyway.
    this.worker.on('error', () => undefined);
  }

  /** Its number, unique among all workers of this server. */
  get id(): number {
    return this.worker.id;
  }

  get pid(): number | undefined {
    return this.worker.process.pid;
  }

  /** Its own metrics; null when it does not answer in time. */
  async figures(): Promise<WorkerFigures | null> {
    return this.dialogue.ask<WorkerFigures>('figures', PATIENCE_MS).catch(() => null);
  }

  kill(signal: NodeJS.Signals): void {
    this.worker.process.kill(signal);
  }
}
