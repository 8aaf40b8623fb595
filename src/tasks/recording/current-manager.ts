import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { HOST_DATA_SOURCE } from '../tables/tasks-data-source.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';

/** The host's current transaction, in which a handler with `sameTransaction` ends its task. */
@Injectable()
export class CurrentManager {
  constructor(
    @Inject(HOST_DATA_SOURCE) private readonly host: DataSource,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  /**
   * The manager of the transaction, by the option `currentManager`.
   *
   * @throws Error without that option, without an open transaction, or with one of another data source: the end of the
   *   task would stay on record when the work is rolled back
   */
  of(uuid: string): EntityManager {
    const { currentManager } = this.options;
    const handler = `The handler of task ${uuid} has sameTransaction, and is still running`;
    if (currentManager === undefined) {
      throw new Error(
        `${handler}: without the manager of its transaction, the end would stay on record when that is rolled back. ` +
          'Pass it, as in succeed(uuid, { manager }), or give TasksModule the option currentManager.',
      );
    }
    const manager = currentManager();
    if (manager?.queryRunner?.isTransactionActive !== true) {
      throw new Error(
        `${handler}, but there is no open transaction here: TasksModule's option currentManager has returned ` +
          `${manager === undefined ? 'none' : 'a manager without one'}. End the task within the transaction, or pass its ` +
          'manager, as in succeed(uuid, { manager }).',
      );
    }
    // Not the object itself, which packages wrap.
    if (manager.dataSource.driver !== this.host.driver) {
      throw new Error(
        `${handler}, but TasksModule's option currentManager has returned the transaction of another data source than ` +
          "that of the tasks (TasksModule's option dataSource). Do the work, and end the task, in that one.",
      );
    }
    return manager;
  }
}
