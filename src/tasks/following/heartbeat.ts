import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { extendDue } from '../../storage/extend-due.js';
import { sqlName } from '../../storage/sql-name.js';
import { within } from '../../storage/within.js';
import { RequestsInFlight } from '../requests/in-flight/requests-in-flight.js';
import { Task } from '../task.entity.js';
import { InjectTasksDataSource } from '../tables/tasks-data-source.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { Loop } from './loop.js';

/** Tasks of one statement. */
const BATCH = 500;

/** How long a statement may take, in milliseconds. */
const LIMIT_MS = 10_000;

/** The shortest pause, in milliseconds. */
const MIN_PAUSE_MS = 25;

/**
 * Says that this process lives, for as long as a request of it is being carried out: its task is not looked at by
 * others meanwhile. Of a process that dies nothing is heard any more, and its tasks become due by that alone.
 *
 * A request that ends within half of `pendingMs`, as most do, costs nothing.
 */
@Injectable()
export class Heartbeat implements OnApplicationBootstrap {
  private readonly logger = new Logger(Heartbeat.name);
  private readonly pauseMs: number;
  private readonly loop: Loop;

  constructor(
    @InjectTasksDataSource() private readonly dataSource: DataSource,
    private readonly open: RequestsInFlight,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {
    this.pauseMs = Math.max(options.pendingMs / 4, MIN_PAUSE_MS);
    this.loop = new Loop({
      step: () => this.beat(),
      pauseMs: this.pauseMs,
      onError: (message) => this.logger.warn(`Tasks under way may be taken for lost: ${message}`),
    });
  }

  onApplicationBootstrap(): void {
    if (this.options.heartbeat) this.loop.start();
  }

  /** It is to go on until the last request has ended. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async beat(): Promise<number> {
    const { pendingMs } = this.options;
    const now = this.options.now();
    const isSoonDue = ({ nextLook }: Task) => nextLook !== null && nextLook < now + pendingMs / 2;
    const tasks = this.open.tasks().filter(isSoonDue);
    for (let start = 0; start < tasks.length; start += BATCH) {
      await this.extend(tasks.slice(start, start + BATCH), Math.round(now + pendingMs));
    }
    return this.pauseMs;
  }

  private async extend(tasks: Task[], until: number): Promise<void> {
    const extended = extendDue(this.dataSource, {
      table: sqlName(this.dataSource, Task),
      key: 'uuid',
      keys: tasks.map(({ uuid }) => uuid),
      due: 'next_look',
      until,
      state: { column: 'state', value: 'pending' },
    });
    await within(LIMIT_MS, extended);
    for (const task of tasks) task.nextLook = until;
  }
}
