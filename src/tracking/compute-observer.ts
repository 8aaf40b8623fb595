import { Injectable } from '@nestjs/common';
import { ComputeService } from '../compute/compute.service.js';
import { observedTask } from '../compute/observed-task.js';
import type { Observation, TaskObserver } from '../tasks/following/task-observer.js';
import type { ExpiredTask } from '../tasks/retention/expired-tasks.js';
import type { Task } from '../tasks/task.entity.js';

/** The compute service as the observer of tasks: it is asked about many at a time, and one task cannot make it fail. */
@Injectable()
export class ComputeObserver implements TaskObserver {
  /** The lease is longer than a compute service may take for a batch. A dead replica delays tasks by no more. */
  readonly terms = { batch: 200, atOnce: 1, leaseMs: 30_000, pauseMs: 500 };

  /** Old tasks show which of the compute service's traces do not belong to an undecided one. */
  readonly keepsTraces = true;

  constructor(private readonly compute: ComputeService) {}

  observe(tasks: Task[]): Promise<Observation[]> {
    return this.compute.observe(tasks.map(observedTask));
  }

  /** A create is kept while one of its servers may exist: its key stops the same request from making a second one. */
  async mayLeave(expired: ExpiredTask[], signal: AbortSignal): Promise<string[]> {
    const servers = expired.flatMap(({ task, subjects }) => (task === 'create' ? subjects : []));
    const existing =
      servers.length === 0 ? new Set<string>() : await this.compute.existingServers(servers, signal);
    return expired
      .filter(({ task, subjects }) => task !== 'create' || !subjects.some((id) => existing.has(id)))
      .map(({ uuid }) => uuid);
  }
}
