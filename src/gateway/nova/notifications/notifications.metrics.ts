import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The kind of a message: caused by a task, by something else, or not a notification at all. */
export type NotificationKind = 'ours' | 'foreign' | 'malformed';

const KINDS: NotificationKind[] = ['ours', 'foreign', 'malformed'];

/** Counts the notifications that this process takes; without configured buses there are no such metrics. */
@Injectable()
export class NotificationMetrics {
  private counter: Counter<'event'> | undefined;
  private histogram: Histogram | undefined;

  constructor(private readonly registry: Registry) {}

  /** Registers the metrics. */
  watch(buses: readonly { name: string; trouble: string | null }[]): void {
    if (buses.length === 0) return;
    const registers = [this.registry];
    this.counter = new Counter({
      name: 'tasktag_notifications_total',
      help: 'Messages taken by this process: caused by a task (ours), by something else (foreign), or malformed.',
      labelNames: ['event'],
      registers,
    });
    // From 0 on: a rate needs a starting value.
    for (const event of KINDS) this.counter.inc({ event }, 0);
    this.histogram = new Histogram({
      name: 'tasktag_notification_lag_seconds',
      help: 'Time from when Nova sent a notification about a task to its arrival, by the clocks of both.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300],
      registers,
    });
    void new Gauge({
      name: 'tasktag_notifications_connected',
      help: 'Whether notifications arrive from a message bus: 1 or 0.',
      labelNames: ['bus'],
      // The workers of one server share a queue.
      aggregator: 'max',
      registers,
      collect() {
        for (const { name, trouble } of buses) this.set({ bus: name }, trouble === null ? 1 : 0);
      },
    });
  }

  count(event: NotificationKind): void {
    this.counter?.inc({ event });
  }

  /** @param ms milliseconds; negative when the clocks differ, and `NaN` when unknown */
  lag(ms: number): void {
    if (!Number.isNaN(ms)) this.histogram?.observe(Math.max(0, ms) / 1000);
  }
}
