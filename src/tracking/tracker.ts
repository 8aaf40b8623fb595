import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Subscription } from 'rxjs';
import { ComputeService, type Observation } from '../compute/compute.service.js';
import type { Task } from '../tasks/task.entity.js';
import { TasksService } from '../tasks/tasks.service.js';

/** Pause between two sweeps when there was nothing more to do, in milliseconds. */
const PAUSE_MS = 500;

/** Tasks that one sweep looks at. */
const BATCH = 200;

/** How long a claimed task is nobody else's; a replica that dies holding it delays it by no more. */
const LEASE_MS = 10_000;

/**
 * Moves open tasks on, from two sources: news that the compute service sends, and sweeps over the tasks whose time
 * to be looked at has come. News may be lost, late or doubled: the sweeps are what the promises rest on. Both write
 * by compare-and-set, and each task is swept by one replica at a time.
 */
@Injectable()
export class Tracker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Tracker.name);
  private readonly stopping = new AbortController();
  private sweeping: Promise<void> = Promise.resolve();
  private news: Subscription | undefined;

  constructor(
    private readonly tasks: TasksService,
    private readonly compute: ComputeService,
  ) {}

  onApplicationBootstrap(): void {
    this.news = this.compute.news.subscribe((observation) => {
      this.record(observation).catch((error: unknown) => this.logger.warn(error));
    });
    this.sweeping = this.sweepOnAndOn();
  }

  /** Before the database is closed, and before the last requests are answered: what they start goes on later. */
  async beforeApplicationShutdown(): Promise<void> {
    this.news?.unsubscribe();
    this.stopping.abort();
    await this.sweeping;
  }

  private async sweepOnAndOn(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      let looked = 0;
      try {
        looked = await this.sweep();
      } catch (error) {
        this.logger.warn(error);
      }
      if (looked < BATCH) await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns how many tasks it looked at */
  private async sweep(): Promise<number> {
    const tasks = await this.tasks.claimDue(BATCH, LEASE_MS);
    if (tasks.length === 0) return 0;
    for (const task of tasks) {
      // Whoever recorded it has not come back in time: it may have died before or after the request went out.
      if (task.state === 'pending') await this.tasks.settle(task.uuid, { state: 'unknown' });
    }
    const byUuid = new Map(tasks.map((task) => [task.uuid, task]));
    for (const observation of await this.compute.observe(tasks)) {
      await this.record(observation, byUuid.get(observation.uuid));
    }
    return tasks.length;
  }

  private async record({ uuid, outcome }: Observation, task?: Task): Promise<void> {
    if (outcome.state === 'undetermined') {
      await this.tasks.lookAgain(uuid, outcome.lookAgainAt);
    } else if (outcome.state === 'processing' && task?.state === 'processing') {
      await this.tasks.lookAgain(uuid, outcome.lookAgainAt);
    } else {
      await this.tasks.settle(uuid, outcome);
    }
  }
}
