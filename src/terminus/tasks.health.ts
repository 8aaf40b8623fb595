import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { within } from '../storage/within.js';
import type { OpenTaskCount } from '../tasks/health/open-tasks.js';
import { TasksHealth } from '../tasks/health/tasks-health.js';

/** What still counts as healthy. */
export interface TasksHealthLimits {
  /** How many writes may wait for the database. From 10,000 on, requests are answered 503. @default 5000 */
  waitingWrites?: number;
  /**
   * How old the oldest task may be of which it is not known whether it was accepted, in milliseconds. @default any age:
   * it is shown only, since a restart does not mend it
   */
  oldestUnknownMs?: number;
  /** How long ago open tasks may have been looked at last, in milliseconds. @default 60000 */
  sweepMs?: number;
  /** How long the database may take to answer, in milliseconds. @default 2000 */
  databaseMs?: number;
}

/**
 * Whether tasks can be recorded and followed: the database answers, writes do not pile up, and the sweep is alive.
 *
 * Provide it in the module of your health controller, beside `TerminusModule`.
 */
@Injectable()
export class TasksHealthIndicator {
  /** @internal */
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly health: TasksHealth,
  ) {}

  /**
   * @param key its name in the answer
   * @returns also how many tasks are open, by state, and the age of the oldest unknown one
   */
  async isHealthy<Key extends string>(
    key: Key,
    limits: TasksHealthLimits = {},
  ): Promise<HealthIndicatorResult<Key>> {
    const { waitingWrites = 5000, oldestUnknownMs = Infinity, sweepMs = 60_000, databaseMs = 2000 } = limits;
    const indicator = this.indicators.check(key);
    const open = await within(databaseMs, this.health.openTasks()).catch(() => null);
    const facts = {
      database: open === null ? 'down' : 'up',
      waitingWrites: this.health.waitingWrites,
      sinceSweepMs: roundedOrNull(this.health.sinceSweepMs),
      ...(open !== null && { open: byState(open), oldestUnknownMs: ageOfUnknown(open) }),
    };
    const isUp =
      open !== null &&
      facts.waitingWrites <= waitingWrites &&
      (facts.sinceSweepMs ?? 0) <= sweepMs &&
      (facts.oldestUnknownMs ?? 0) <= oldestUnknownMs;
    return isUp ? indicator.up(facts) : indicator.down(facts);
  }
}

function byState(counts: OpenTaskCount[]): Record<string, number> {
  return Object.fromEntries(counts.map(({ state, count }) => [state, count]));
}

/** The age of the oldest unknown task, in milliseconds; `null` without one. */
function ageOfUnknown(counts: OpenTaskCount[]): number | null {
  const start = counts.find(({ state }) => state === 'unknown')?.oldestStart ?? null;
  return start === null ? null : Math.max(0, Date.now() - start);
}

function roundedOrNull(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}
