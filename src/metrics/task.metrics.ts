import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { ExpiredTasks } from '../tasks/expired-tasks.js';
import { TaskRecorder } from '../tasks/task.recorder.js';
import type { Outcome } from '../tasks/task.states.js';

const SETTLED: Outcome['state'][] = ['processing', 'success', 'failure', 'rejected', 'unknown'];

/** Counts what this process records of tasks. */
@Injectable()
export class TaskMetrics {
  constructor(registry: Registry, recorder: TaskRecorder, expired: ExpiredTasks) {
    const refusals = new Counter({
      name: 'tasktag_refusals_total',
      help: 'Requests refused with 409 by their tag: mostly because they were accepted already.',
      registers: [registry],
    });
    const settled = new Counter({
      name: 'tasktag_tasks_settled_total',
      help: 'Task states recorded by this process, by state; rejected is a failure that was never accepted.',
      labelNames: ['state'],
      registers: [registry],
    });
    const unrecorded = new Counter({
      name: 'tasktag_unrecorded_requests_total',
      help: 'Requests without a tag that were carried out unrecorded, since the database was down.',
      registers: [registry],
    });
    const dropped = new Counter({
      name: 'tasktag_tasks_expired_total',
      help: 'Tasks dropped by this process since they ended longer ago than TASK_RETENTION.',
      registers: [registry],
    });
    expired.dropped.subscribe((count) => dropped.inc(count));
    recorder.unrecorded.subscribe(() => unrecorded.inc());
    // From 0 on: a rate needs a figure to rise from.
    for (const state of SETTLED) settled.inc({ state }, 0);
    recorder.refused.subscribe(() => refusals.inc());
    recorder.settled.subscribe((state) => settled.inc({ state }));
  }
}
