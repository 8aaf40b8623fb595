import { setTimeout as sleep } from 'node:timers/promises';
import type { Journal } from '../journal/journal.js';
import type { Planned } from './schedule.js';

/** Breaks and mends one thing after the other, as planned, until it is stopped; then nothing is left broken. */
export async function inject(plan: Planned[], journal: Journal, stop: AbortSignal): Promise<void> {
  for (const { pauseMs, fault, target, forMs } of plan) {
    await passing(pauseMs, stop);
    if (stop.aborted) return;
    const start = journal.now();
    try {
      await fault.begin(target);
      await passing(forMs, stop);
    } finally {
      await fault.end(target);
    }
    journal.write({ is: 'fault', what: `${fault.name} ${target}`, start, end: journal.now() });
  }
}

async function passing(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
