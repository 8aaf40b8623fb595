import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Subscription } from 'rxjs';
import { ComputeService, type News, type Observation } from '../compute/compute.service.js';
import { observedTask } from '../compute/observed-task.js';
import type { Task } from '../tasks/task.entity.js';
import { FollowedTasks } from '../tasks/following/followed-tasks.js';
import { UrgentLooks } from './urgent-looks.js';

/** Pause between two sweeps when there was nothing more to do, in milliseconds. */
const PAUSE_MS = 500;

/** Tasks that one sweep looks at. */
const BATCH = 200;

/**
 * How long a claimed task is nobody else's: longer than a compute service may take to tell of a batch. A replica that
 * dies holding a task delays it by no more.
 */
const LEASE_MS = 30_000;

/**
 * Moves open tasks on, from two sources: news that the compute service sends, and sweeps over the tasks whose time
 * to be looked at has come. News that says only that there is something to see makes it look at once. News may be
 * lost, late or doubled: the sweeps are what the promises rest on. Both write by compare-and-set, and each task is
 * swept by one replica at a time.
 */
@Injectable()
export class Tracker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Tracker.name);
  private readonly stopping = new AbortController();
  private sweeping: Promise<void> = Promise.resolve();
  private news: Subscription | undefined;
  private readonly urgent: UrgentLooks;

  constructor(
    private readonly tasks: FollowedTasks,
    private readonly compute: ComputeService,
  ) {
    this.urgent = new UrgentLooks(
      (uuids) => this.lookAt(uuids),
      (error) => this.logger.warn(error),
    );
  }

  onApplicationBootstrap(): void {
    this.news = this.compute.news.subscribe((observation) => this.hear(observation));
    this.sweeping = this.sweepOnAndOn();
  }

  /** Before the database is closed, and before the last requests are answered: what they start goes on later. */
  async beforeApplicationShutdown(): Promise<void> {
    this.news?.unsubscribe();
    this.stopping.abort();
    await Promise.all([this.sweeping, this.urgent.stop()]);
  }

  private hear({ uuid, outcome, recording }: News): void {
    if (outcome.state === 'undetermined' && outcome.lookAgainAt <= Date.now()) {
      this.urgent.ask(uuid);
      return;
    }
    const record = this.record({ uuid, outcome });
    record.catch((error: unknown) => this.logger.warn(error));
    recording?.(record);
  }

  /** @returns the tasks that have ended */
  private async lookAt(uuids: string[]): Promise<ReadonlySet<string>> {
    const ended = new Set(uuids);
    const open = await this.tasks.open(uuids);
    for (const { uuid } of open) ended.delete(uuid);
    // Whose request is still under way gets its answer first.
    const tasks = open.filter(({ state }) => state !== 'pending');
    const byUuid = new Map(tasks.map((task) => [task.uuid, task]));
    for (const { uuid, outcome } of tasks.length === 0
      ? []
      : await this.compute.observe(tasks.map(observedTask))) {
      // When to look again is left as the sweeps have it.
      if (outcome.state === 'undetermined') continue;
      const task = byUuid.get(uuid);
      if (outcome.state !== 'processing') ended.add(uuid);
      else if (task?.state === 'processing' && !(await this.tasks.isNews(task, outcome))) continue;
      await this.tasks.settle(uuid, outcome);
    }
    return ended;
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
    const claimed = await this.tasks.claimDue(BATCH, LEASE_MS);
    if (claimed.length === 0) return 0;
    const tasks: Task[] = [];
    for (const task of claimed) {
      if (task.state === 'pending') {
        // Whoever recorded it has not come back in time: it may have died before or after the request went out.
        if (!(await this.tasks.settle(task.uuid, { state: 'unknown' }))) continue;
        task.state = 'unknown';
      }
      tasks.push(task);
    }
    const byUuid = new Map(tasks.map((task) => [task.uuid, task]));
    for (const observation of await this.compute.observe(tasks.map(observedTask))) {
      await this.record(observation, byUuid.get(observation.uuid));
    }
    return claimed.length;
  }

  private async record({ uuid, outcome }: Observation, task?: Task): Promise<void> {
    if (outcome.state === 'undetermined') {
      await this.tasks.lookAgain(uuid, outcome.lookAgainAt);
    } else if (
      outcome.state === 'processing' &&
      outcome.lookAgainAt !== undefined &&
      task?.state === 'processing' &&
      !(await this.tasks.isNews(task, outcome))
    ) {
      await this.tasks.lookAgain(uuid, outcome.lookAgainAt);
    } else {
      await this.tasks.settle(uuid, outcome);
    }
  }
}
