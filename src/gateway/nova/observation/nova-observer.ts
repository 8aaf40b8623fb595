import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import type { Observation, ObservedTask } from '../../../compute/compute.service.js';
import { Settings } from '../../../config/settings.js';
import { NovaClock } from '../clock/nova-clock.js';
import { type Offset } from '../clock/offset.js';
import { NovaQueries } from '../reader/nova-queries.js';
import { NovaRefused, NovaSlow, NovaUnavailable, OutOfTime } from '../reader/nova-reader.errors.js';
import { NovaReader, READER_CLOCK } from '../reader/nova-reader.js';
import { eachLimited } from './each-limited.js';
import { followAction } from './follow-action.js';
import { followCreate } from './follow-create.js';
import { lookAgainAt, whenAvailable } from './look-again.js';
import { type Look, type Finding, stillOpen } from './look.js';
import { deadlineOf } from './recovery/deadline.js';
import { ForeignServers } from './recovery/foreign-servers.js';
import { RecordedTasks } from './recovery/recorded-tasks.js';
import { recoverAction } from './recovery/recover-action.js';
import { recoverCreate } from './recovery/recover-create.js';
import type { Recovery } from './recovery/recovery-context.js';
import { ServerListKeeper } from './server-list.js';
import { ServerViews } from './server-views.js';
import { WHY_OPEN } from './why-open.js';
import { aheadOf, skewOf } from './skew.js';

/** How long new questions may be started, in milliseconds; the last ones may take ten seconds more. */
const ASKING_MS = 10_000;

/** Tasks observed at the same time. */
const CONCURRENCY = 4;

/** The first pause between two looks, in milliseconds; notifications are faster. */
const SHORTEST_MS = { withNotifications: 5000, without: 1000 };

/** A create below microversion 2.52 takes no server tags. */
const MARKERS = { auto: 'all', metadata: 'all', tag: 'some', none: 'none' } as const;

/** Looks up the outcomes of tasks in a real Nova. It only reads, and sends nothing again. */
@Injectable()
export class NovaObserver {
  private readonly logger = new Logger(NovaObserver.name);
  private readonly lists = new ServerListKeeper();
  private readonly now: () => number;

  constructor(
    private readonly reader: NovaReader,
    private readonly clock: NovaClock,
    private readonly tasks: RecordedTasks,
    private readonly settings: Settings,
    private readonly foreign: ForeignServers,
    @Optional() @Inject(READER_CLOCK) now?: () => number,
  ) {
    this.now = now ?? Date.now;
  }

  /**
   * One observation for each task, within about 20 seconds whatever Nova does. Tasks for which Nova did not answer are
   * to be looked at again soon.
   */
  async observe(tasks: ObservedTask[]): Promise<Observation[]> {
    const batch = new Batch(
      this.reader,
      this.clock.offset ?? (await this.clock.known()),
      this.settings,
      this.now,
    );
    await this.guarded(batch, () => batch.look.servers.load(tasks, this.lists, batch.look.now));
    const observations: Observation[] = [];
    await eachLimited(CONCURRENCY, tasks, async (task) => {
      observations.push({ uuid: task.uuid, outcome: await this.outcomeOf(task, batch) });
    });
    return observations;
  }

  private async outcomeOf(task: ObservedTask, batch: Batch): Promise<Finding> {
    if (batch.isOver) return stillOpen(task, batch.nextLook(this.now()), batch.whyOver);
    const outcome = await this.guarded(batch, () =>
      task.state === 'processing' ? this.follow(task, batch) : this.recover(task, batch),
    );
    if (outcome !== null) return outcome;
    const at = batch.isOver
      ? batch.nextLook(this.now())
      : lookAgainAt(task.startTime, this.now(), whenAvailable(0));
    return stillOpen(task, at, batch.isOver ? batch.whyOver : WHY_OPEN.errorAboutIt);
  }

  private async follow(task: ObservedTask, { look }: Batch): Promise<Finding> {
    if (task.serverId === null) return recoverCreate(task, this.recovery(look));
    if (task.task === 'create') return followCreate(task, task.serverId, look);
    return followAction(task, task.serverId, look, {
      maxMicroversion: await this.reader.maxMicroversion(),
      hasNotifications: this.settings.NOTIFICATIONS_URL !== undefined,
    });
  }

  private recover(task: ObservedTask, { look }: Batch): Promise<Finding> {
    return task.serverId === null
      ? recoverCreate(task, this.recovery(look))
      : recoverAction(task, task.serverId, this.recovery(look));
  }

  private recovery(look: Look): Recovery {
    // As it is before the search: an interruption ends the search.
    const { answeringSince, lastKnownMicroversion: maxMicroversion } = this.reader;
    const facts = { answeringSince, maxMicroversion, isTimeKnown: look.isTimeKnown };
    return {
      look,
      tasks: this.tasks,
      foreign: this.foreign,
      markers: MARKERS[this.settings.NOVA_MARKER],
      deadlineOf: (task) => deadlineOf(task, facts, this.settings),
    };
  }

  /** An error about one task must not delay the others; a Nova that does not answer ends the batch. */
  private async guarded<T>(batch: Batch, ask: () => Promise<T>): Promise<T | null> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof NovaUnavailable) {
        if (!batch.isUnavailable) this.logger.warn(`Nova cannot be asked: ${error.message}`);
        batch.isUnavailable = true;
      } else if (error instanceof OutOfTime) {
        batch.isOutOfTime = true;
      } else {
        const isNovas = error instanceof NovaRefused || error instanceof NovaSlow;
        this.logger.warn(isNovas ? error.message : error);
      }
      return null;
    }
  }
}

/** One call of `observe`. */
class Batch {
  isUnavailable = false;
  isOutOfTime = false;
  readonly look: Look;

  constructor(reader: NovaReader, ahead: Offset | null, { NOTIFICATIONS_URL }: Settings, now: () => number) {
    const startedAt = now();
    const queries = new NovaQueries(reader, startedAt + ASKING_MS, now);
    const skewMs = skewOf(ahead);
    const { withNotifications, without } = SHORTEST_MS;
    this.look = {
      queries,
      servers: new ServerViews(queries, skewMs),
      now: startedAt,
      skewMs,
      aheadMs: aheadOf(ahead),
      isTimeKnown: ahead !== null,
      shortestMs: NOTIFICATIONS_URL === undefined ? without : withNotifications,
    };
  }

  get isOver(): boolean {
    return this.isUnavailable || this.isOutOfTime;
  }

  /** Why a task was not reached. */
  get whyOver(): string {
    return this.isUnavailable ? WHY_OPEN.notAsked : WHY_OPEN.notReached;
  }

  /** When to look again at tasks that were not reached. */
  nextLook(now: number): number {
    return this.isUnavailable ? whenAvailable(now) : now;
  }
}
