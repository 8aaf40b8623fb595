import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { NovaClock, type TimeSource } from './nova-clock.js';

const SOURCES: TimeSource[] = ['nova', 'date', 'none'];

/** Reports the difference between Nova's clock and this one, and the source of that knowledge. */
@Injectable()
export class NovaClockMetrics {
  constructor(registry: Registry, clock: NovaClock) {
    const registers = [registry];
    void new Gauge({
      name: 'tasktag_nova_clock_source',
      help: "Where Nova's time is known from: 1 for that source. Without any, what leaves no trace stays unknown.",
      labelNames: ['source'],
      aggregator: 'max',
      registers,
      collect() {
        for (const source of SOURCES) this.set({ source }, source === clock.source ? 1 : 0);
      },
    });
    void new Gauge({
      name: 'tasktag_nova_clock_ahead_seconds',
      help: "By how much Nova's clock is ahead of this server's: at least, and at most.",
      labelNames: ['bound'],
      aggregator: 'average',
      registers,
      collect() {
        const { offset } = clock;
        this.reset();
        if (offset === null) return;
        this.set({ bound: 'least' }, offset.earliest / 1000);
        this.set({ bound: 'most' }, offset.latest / 1000);
      },
    });
  }
}
