import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { ComputeService, type News } from '../compute/compute.service.js';
import { observedTask } from '../compute/observed-task.js';
import { FollowedTasks } from '../tasks/following/followed-tasks.js';
import { recordTogether } from '../tasks/following/record-together.js';
import { SaidOnce } from '../tasks/following/said-once.js';
import { UrgentLooks } from './urgent-looks.js';

/**
 * Records the compute service's news about tasks. If the news only says that a task has changed, it looks at that task
 * at once. News may be lost, late or repeated: the promises rest on the follower, which looks at every open task. Both
 * write by compare-and-set.
 */
@Injectable()
export class ComputeNews implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ComputeNews.name);
  private readonly trouble = new SaidOnce((message) =>
    this.logger.warn(`News about tasks cannot be recorded: ${message}`),
  );
  private news: Subscription | undefined;
  private readonly urgent: UrgentLooks;

  constructor(
    private readonly tasks: FollowedTasks,
    private readonly compute: ComputeService,
  ) {
    this.urgent = new UrgentLooks(
      (uuids) => this.lookAt(uuids),
      (message) => this.logger.warn(`Tasks with news cannot be looked at: ${message}`),
    );
  }

  onApplicationBootstrap(): void {
    this.urgent.start();
    this.news = this.compute.news.subscribe((observation) => this.hear(observation));
  }

  /** It runs before the database is closed, and before the last requests are answered: their tasks go on later. */
  async beforeApplicationShutdown(): Promise<void> {
    this.news?.unsubscribe();
    await this.urgent.stop();
  }

  private hear({ uuid, outcome, recording }: News): void {
    if (outcome.state === 'undetermined' && outcome.lookAgainAt <= Date.now()) {
      this.urgent.ask(uuid);
      return;
    }
    const record = this.tasks.record({ uuid, outcome });
    record.then(
      () => this.trouble.succeeded(),
      (error: unknown) => this.trouble.failed(error),
    );
    recording?.(record);
  }

  /** @returns the tasks that have ended */
  private async lookAt(uuids: string[]): Promise<ReadonlySet<string>> {
    const ended = new Set(uuids);
    const open = await this.tasks.open(uuids);
    for (const { uuid } of open) ended.delete(uuid);
    // A request still under way gets its answer first.
    const tasks = open.filter(({ state }) => state !== 'pending');
    const byUuid = new Map(tasks.map((task) => [task.uuid, task]));
    if (tasks.length === 0) return ended;
    const observations = await this.compute.observe(tasks.map(observedTask));
    await recordTogether(observations, async ({ uuid, outcome }) => {
      // The follower's time of the next look stays.
      if (outcome.state === 'undetermined') return;
      const task = byUuid.get(uuid);
      if (outcome.state !== 'processing') ended.add(uuid);
      else if (task?.state === 'processing' && !(await this.tasks.isNews(task, outcome))) return;
      await this.tasks.recordOutcome(uuid, outcome);
    });
    return ended;
  }
}
