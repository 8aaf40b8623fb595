import { Injectable } from '@nestjs/common';
import { Histogram, Registry } from 'prom-client';

/** Times the requests that are forwarded to Nova. */
@Injectable()
export class ForwardMetrics {
  private readonly durations: Histogram<'task' | 'outcome'>;

  constructor(registry: Registry) {
    this.durations = new Histogram({
      name: 'tasktag_forward_duration_seconds',
      help: 'Time that Nova took to answer a task-enabled request, by task and by the outcome in the answer.',
      labelNames: ['task', 'outcome'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers: [registry],
    });
  }

  /** @returns a function to call with the outcome, once there is an answer or none will come */
  start(task: string): (outcome: string) => void {
    const stop = this.durations.startTimer({ task });
    return (outcome) => void stop({ outcome });
  }
}
