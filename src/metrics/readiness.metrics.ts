import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { Readiness } from '../health/readiness.js';

/** What `/readyz` tells, for alerts. The dependencies are asked when the metrics are collected, for two seconds at most. */
@Injectable()
export class ReadinessMetrics {
  constructor(registry: Registry, readiness: Readiness) {
    void new Gauge({
      name: 'tasktag_check_up',
      help: 'Whether a dependency can be used, by the name that it has in the answer of /readyz: 1 or 0.',
      labelNames: ['check'],
      aggregator: 'min',
      registers: [registry],
      async collect() {
        const { checks } = await readiness.report();
        this.reset();
        for (const [check, state] of Object.entries(checks)) this.set({ check }, state === 'up' ? 1 : 0);
      },
    });
  }
}
