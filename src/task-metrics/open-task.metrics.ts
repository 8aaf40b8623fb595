import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { within } from '../storage/within.js';
import { OPEN_STATES, type TaskState } from '../tasks/task.states.js';
import type { OpenTaskCount } from '../tasks/health/open-tasks.js';
import { TasksHealth } from '../tasks/health/tasks-health.js';

/** How long a count is reused, in milliseconds, so that several collectors do not cause several counts. */
const FRESH_MS = 5000;

/** How long a count may take, in milliseconds; after that there are no figures, rather than wrong ones. */
const PATIENCE_MS = 2000;

/** The open tasks of the whole database, of all processes. Read when the metrics are collected. */
@Injectable()
export class OpenTaskMetrics {
  private reading: Promise<OpenTaskCount[] | null> | undefined;
  private last: { at: number; counts: Promise<OpenTaskCount[]> } | undefined;

  constructor(
    registry: Registry,
    private readonly health: TasksHealth,
  ) {
    const gauge = (name: string, help: string, set: (gauge: Gauge, counts: OpenTaskCount[]) => void) =>
      void new Gauge({
        name,
        help,
        aggregator: 'max',
        registers: [registry],
        collect: async function () {
          this.remove();
          const counts = await read();
          if (counts !== null) set(this, counts);
        },
      });
    const read = () => this.read();

    void new Gauge({
      name: 'tasktag_tasks',
      help: 'Tasks that have not ended, by state.',
      labelNames: ['state'],
      aggregator: 'max',
      registers: [registry],
      collect: async function () {
        this.reset();
        for (const { state, count } of (await read()) ?? []) this.set({ state }, count);
      },
    });
    gauge(
      'tasktag_oldest_open_task_age_seconds',
      'Age of the oldest task that has not ended; 0 without one.',
      (age, counts) => age.set(oldest(counts, OPEN_STATES)),
    );
    gauge(
      'tasktag_oldest_unknown_task_age_seconds',
      'Age of the oldest task whose acceptance is not known yet; 0 without one.',
      (age, counts) => age.set(oldest(counts, ['unknown'])),
    );
    void new Gauge({
      name: 'tasktag_since_look_seconds',
      help: 'Time since this process last looked at open tasks.',
      aggregator: 'max',
      registers: [registry],
      collect() {
        const { sinceSweepMs } = health;
        this.remove();
        if (sinceSweepMs !== null) this.set(sinceSweepMs / 1000);
      },
    });
    void new Gauge({
      name: 'tasktag_database_up',
      help: 'Whether the database answered when the open tasks were counted: 1 or 0.',
      aggregator: 'min',
      registers: [registry],
      collect: async function () {
        this.set((await read()) === null ? 0 : 1);
      },
    });
  }

  /** The same count for all figures of one collection: a page must not mix two moments. */
  private read(): Promise<OpenTaskCount[] | null> {
    if (this.reading === undefined) {
      this.reading = this.count();
      setImmediate(() => (this.reading = undefined));
    }
    return this.reading;
  }

  /** Null when the database does not answer. */
  private async count(): Promise<OpenTaskCount[] | null> {
    const now = Date.now();
    if (this.last === undefined || now - this.last.at >= FRESH_MS) {
      this.last = { at: now, counts: this.health.openTasks() };
    }
    try {
      return await within(PATIENCE_MS, this.last.counts);
    } catch {
      return null;
    }
  }
}

function oldest(counts: OpenTaskCount[], states: readonly TaskState[]): number {
  const starts = counts.flatMap(({ state, oldestStart }) =>
    states.includes(state) && oldestStart !== null ? [oldestStart] : [],
  );
  return starts.length === 0 ? 0 : Math.max(0, Date.now() - Math.min(...starts)) / 1000;
}
