import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { onMaster } from '../../storage/on-master.js';
import { InjectTasksDataSource } from '../tables/tasks-data-source.js';
import { Task } from '../task.entity.js';
import { UNDECIDED_STATES } from '../task.states.js';

/** Waits for tasks to move on. */
@Injectable()
export class TaskWaits {
  constructor(@InjectTasksDataSource() private readonly dataSource: DataSource) {}

  /** @returns whether it is known by the end of the time whether the task's request was accepted */
  async untilDecided(uuid: string, ms: number, signal: AbortSignal): Promise<boolean> {
    const until = performance.now() + ms;
    while (performance.now() < until && !signal.aborted) {
      const task = await onMaster(this.dataSource, (manager) => manager.findOneBy(Task, { uuid }));
      if (task === null || !UNDECIDED_STATES.includes(task.state)) return true;
      await pause(250);
    }
    return false;
  }
}
