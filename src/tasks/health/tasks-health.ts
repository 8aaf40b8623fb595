import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Follower } from '../following/follower.js';
import { TaskRecorder } from '../recording/task.recorder.js';
import { InjectTasksDataSource } from '../tables/tasks-data-source.js';
import { countOpenTasks, type OpenTaskCount } from './open-tasks.js';

/** Facts about this process, and the tasks of the whole database, by which operators judge them. */
@Injectable()
export class TasksHealth {
  constructor(
    @InjectTasksDataSource() private readonly dataSource: DataSource,
    private readonly recorder: TaskRecorder,
    private readonly follower: Follower,
  ) {}

  /**
   * How many tasks are open, in the whole database: one statement, by an index.
   *
   * @throws an error of the database
   */
  openTasks(): Promise<OpenTaskCount[]> {
    return countOpenTasks(this.dataSource);
  }

  /** How many writes of this process wait for the database. */
  get waitingWrites(): number {
    return this.recorder.waiting;
  }

  /**
   * How long ago this process last looked at open tasks, in milliseconds; `null` when it is not to look at any
   * (`sweep: false`).
   */
  get sinceSweepMs(): number | null {
    return this.follower.sinceLookMs;
  }
}
