import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { TaskRecorder } from '../tasks/recording/task.recorder.js';
import { ExpiredTasks } from '../tasks/retention/expired-tasks.js';
import type { Outcome } from '../tasks/task.states.js';
import { TaskWaits } from '../tasks/waiting/task-waits.js';

const SETTLED: Outcome['state'][] = ['processing', 'success', 'failure', 'rejected', 'unknown'];

/** Counts the tasks and states that this process records. */
@Injectable()
export class TaskMetrics {
  constructor(registry: Registry, recorder: TaskRecorder, expired: ExpiredTasks, waits: TaskWaits) {
    const answers = new Counter({
      name: 'tasktag_answered_duplicates_total',
      help: 'Requests that were accepted already, and got the answer to the first one.',
      registers: [registry],
    });
    const refusals = new Counter({
      name: 'tasktag_refusals_total',
      help: 'Requests refused with 409 or 410 because of their tag: mostly because they were accepted already.',
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
      help: 'Requests without a tag that were carried out unrecorded because the database was down.',
      registers: [registry],
    });
    const dropped = new Counter({
      name: 'tasktag_tasks_expired_total',
      help: 'Tasks dropped by this process because of their age.',
      registers: [registry],
    });
    const groups = new Histogram({
      name: 'tasktag_recorder_group_size',
      help: 'Writes sent to the database together, by kind: new tasks, or task outcomes.',
      labelNames: ['kind'],
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 250],
      registers: [registry],
    });
    void new Gauge({
      name: 'tasktag_recorder_waiting',
      help: 'Writes that wait for earlier ones; above ten thousand of a kind, requests are answered 503.',
      registers: [registry],
      collect() {
        this.set(recorder.waiting);
      },
    });
    void new Gauge({
      name: 'tasktag_waiters',
      help: 'Look-ups that wait for tasks to end.',
      registers: [registry],
      collect() {
        this.set(waits.count);
      },
    });
    const busy = new Counter({
      name: 'tasktag_recorder_busy_total',
      help: 'Requests not carried out because too many waited for the database, or a row was locked.',
      registers: [registry],
    });
    recorder.grouped.subscribe(({ kind, size }) => groups.observe({ kind }, size));
    recorder.busy.subscribe(() => busy.inc());
    expired.dropped.subscribe(({ length }) => dropped.inc(length));
    recorder.unrecorded.subscribe(() => unrecorded.inc());
    // From 0 on: a rate needs a starting value.
    for (const state of SETTLED) settled.inc({ state }, 0);
    recorder.refused.subscribe(() => refusals.inc());
    recorder.answered.subscribe(() => answers.inc());
    recorder.settled.subscribe(({ state }) => settled.inc({ state }));
  }
}
