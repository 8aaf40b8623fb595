import cluster from 'node:cluster';
import type { Settings } from '../config/settings.js';

/** A worker's message when it takes requests. */
export interface ReadyMessage {
  tasktag: 'ready';
  /** The address it listens on; the same for all. */
  url: string;
}

/** Whether this process is one of several that form one server. Other programs may use `node:cluster` as well. */
export function isWorker({ WORKERS }: Settings): boolean {
  return WORKERS > 1 && cluster.isWorker;
}

/** Tells the primary that this worker takes requests. */
export function announceReady(url: string): void {
  process.send?.({ tasktag: 'ready', url } satisfies ReadyMessage);
}
